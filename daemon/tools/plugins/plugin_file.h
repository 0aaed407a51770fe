#pragma once
// One file of a plugin folder that may be loaded: its owner, format, manifest and ABI version are in order.
// Holds the very file that was checked open, so that what is loaded later is what was checked. Immutable; any
// thread.

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "tools/plugins/manifest.h"

struct stat;

namespace assistd::tools {

// By what a change of a file is seen.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t changed_at_ns = 0;  // its content or its rights
    std::int64_t size = 0;
    bool operator==(const FileStamp&) const = default;
};
// Nothing when there is no such file.
std::optional<FileStamp> stamp_of(const std::filesystem::path& path);

struct PluginFile {
    std::filesystem::path path;
    UniqueFd file;
    UniqueFd library;  // a private copy, if there is one already
    Manifest manifest;
    bool wants_network = false;  // one of its tools says so

    FileStamp stamp;
    timespec written_at{};
};

// A copy without a name, in the folder if its file system lets code run, else in memory: what hosts load
// stays as it is whatever becomes of the file. Throws Error{unavailable} when it cannot be made, also because
// the file was written over since it was checked.
UniqueFd private_copy(const PluginFile& plugin, const std::filesystem::path& folder);

// One more such copy, of a library that does not change. Throws Error{unavailable}.
UniqueFd copy_of(int library, const std::filesystem::path& folder);

// Reads both to their ends; false also when one cannot be read.
bool same_content(const UniqueFd& one, const UniqueFd& other);

// Why a file is not loaded: a whole sentence, and what was learnt of it before.
struct Refusal {
    std::string reason;
    std::string id;
    std::string version;
    bool is_left_out = false;             // there is nothing wrong with it
    std::vector<std::string> tools = {};  // the names of what is left out with it
};

// Runs none of its code. Throws Refusal.
PluginFile open_plugin_file(const std::filesystem::path& path);

// Its single steps, for whoever wants to know more than the first thing that is wrong. Each throws Refusal.
void check_owner(const std::string& name, const struct stat& state);
void check_abi(const std::string& name, const Manifest& manifest);

// Whose plugins are taken. Those that come with assistd, and no others, have ids that begin with org.assistd.
// and are in a folder of its own; org.assistd.test. is for the plugins of its tests, wherever they are.
struct PluginOwnership {
    std::optional<std::filesystem::path> own_folder = {};  // nothing: it does not matter whose they are
    bool own_only = false;                                 // the daemon is in safe mode

    bool operator==(const PluginOwnership&) const = default;
};
// Throws Refusal.
void check_whose(const std::filesystem::path& path, const Manifest& manifest, const PluginOwnership& wanted);

bool is_same_folder(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace assistd::tools
