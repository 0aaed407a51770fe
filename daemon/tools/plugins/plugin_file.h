#pragma once
// One file of a plugin folder that may be loaded: its owner, format, manifest and ABI version are in order.
// Holds the very file that was checked open, so that what is loaded later is what was checked. Immutable; any
// thread.

#include <filesystem>
#include <string>

#include "base/unique_fd.h"
#include "tools/plugins/manifest.h"

namespace assistd::tools {

struct PluginFile {
    std::filesystem::path path;
    UniqueFd file;
    Manifest manifest;
    std::int64_t memory_limit_mb = 0;  // the largest of its tools
    bool wants_network = false;        // one of its tools says so

    // Throws Error{validation} when the file was written over since it was checked.
    void check_unchanged() const;

    // For check_unchanged().
    std::int64_t changed_at_ns = 0;
    std::int64_t size = 0;
};

// Why a file is not loaded: a whole sentence, and what was learnt of it before.
struct Refusal {
    std::string reason;
    std::string id;
    std::string version;
};

// Runs none of its code. Throws Refusal.
PluginFile open_plugin_file(const std::filesystem::path& path);

}  // namespace assistd::tools
