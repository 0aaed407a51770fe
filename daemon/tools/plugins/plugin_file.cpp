#include "tools/plugins/plugin_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "tools/plugins/elf_file.h"

namespace assistd::tools {
namespace {

// The version of plugin-api/include/assistd/plugin.h that hosts of this build speak.
constexpr int abi_major = 1;
constexpr int abi_minor = 0;

constexpr std::string_view own_ids = "org.assistd.";
constexpr std::string_view test_ids = "org.assistd.test.";

FileStamp stamp_of(const struct stat& state) {
    const std::int64_t changed_at =
        std::int64_t{state.st_ctim.tv_sec} * 1'000'000'000 + state.st_ctim.tv_nsec;
    return {state.st_dev, state.st_ino, changed_at, state.st_size};
}

// Where hosts could not map a file as code, a file in memory serves.
UniqueFd unnamed_file(const std::filesystem::path& folder) {
    struct statvfs about {};
    const bool runs_code = ::statvfs(folder.c_str(), &about) == 0 && (about.f_flag & ST_NOEXEC) == 0;
    UniqueFd file;
    if (runs_code) file.reset(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file) file.reset(::memfd_create("assistd-plugin", MFD_CLOEXEC));
    return file;
}

bool copy_bytes(int from, int to, std::int64_t size) {
    off_t at = 0;
    while (at < size) {
        const ssize_t done = ::sendfile(to, from, &at, static_cast<std::size_t>(size - at));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
    }
    return true;
}

Manifest read_manifest(const std::string& name, const ElfFile& elf) {
    const auto text = elf.section(".assistd.manifest", max_manifest_bytes);
    if (!text)
        throw Refusal{
            name + " has no manifest (section .assistd.manifest); build it with assistd_add_plugin.", {}, {}};
    return parse_manifest(*text);
}

}  // namespace

// Whoever may write to the file could run code as the daemon.
void check_owner(const std::string& name, const struct stat& state) {
    if (state.st_uid != 0 && state.st_uid != ::geteuid())
        throw Refusal{name + " belongs to user " + std::to_string(state.st_uid) +
                          "; a plugin must belong to root or to the daemon's user.",
                      {},
                      {}};
    if (state.st_mode & (S_IWGRP | S_IWOTH))
        throw Refusal{
            name + " may be written by others than its owner; take that right away (chmod go-w).", {}, {}};
}

void check_abi(const std::string& name, const Manifest& manifest) {
    if (manifest.abi_major == abi_major && manifest.abi_minor <= abi_minor) return;
    const std::string theirs = std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor);
    const std::string ours = std::to_string(abi_major) + "." + std::to_string(abi_minor);
    const char* remedy = manifest.abi_major < abi_major ? "build it again with this daemon's plugin-api"
                                                        : "a newer daemon is needed";
    throw Refusal{
        name + " is built for plugin ABI " + theirs + ", and this daemon has " + ours + ": " + remedy + ".",
        manifest.id, manifest.version};
}

bool is_same_folder(const std::filesystem::path& one, const std::filesystem::path& other) {
    std::error_code error;
    return one == other || std::filesystem::equivalent(one, other, error);
}

void check_whose(const std::filesystem::path& path, const Manifest& manifest, const PluginOwnership& wanted) {
    if (!wanted.own_folder) return;
    const std::string name = path.filename().string();
    const bool has_own_id = manifest.id.starts_with(own_ids) && !manifest.id.starts_with(test_ids);
    const bool is_in_own_folder = is_same_folder(path.parent_path(), *wanted.own_folder);
    if (has_own_id && !is_in_own_folder)
        throw Refusal{name + " has the id " + manifest.id + ", and ids that begin with " +
                          std::string(own_ids) +
                          " are for the plugins that come with assistd, which are in " +
                          wanted.own_folder->string() + "; give it an id of a domain of yours.",
                      manifest.id, manifest.version};
    if (has_own_id || !wanted.own_only) return;
    Refusal left_out{name +
                         " is left out: in safe mode (--safe-mode) only the plugins that come with assistd "
                         "are loaded.",
                     manifest.id, manifest.version, true};
    for (const auto& tool : manifest.tools) left_out.tools.push_back(tool->name);
    throw Refusal(std::move(left_out));
}

// One process runs all tools of a plugin: where one may use the network, each may, whatever it says of
// itself.
void share_network(Manifest& manifest) {
    for (auto& tool : manifest.tools) {
        if (tool->effects.network) continue;
        core::ToolSpec spec = *tool;
        spec.effects.network = true;
        tool = std::make_shared<const core::ToolSpec>(std::move(spec));
    }
}

PluginFile open_plugin_file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    PluginFile plugin;
    plugin.path = path;
    // Non-blocking: a FIFO of that name must not hold the daemon up.
    plugin.file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat state {};
    if (!plugin.file || ::fstat(plugin.file.get(), &state) != 0)
        throw Refusal{name + " cannot be opened: " + std::strerror(errno) + ".", {}, {}};
    check_owner(name, state);
    plugin.stamp = stamp_of(state);
    plugin.written_at = state.st_mtim;
    try {
        const ElfFile elf(plugin.file.get());
        plugin.manifest = read_manifest(name, elf);
        check_abi(name, plugin.manifest);
        if (!elf.exports("assistd_plugin_entry"))
            throw Refusal{
                name + " does not export assistd_plugin_entry; a plugin defines it with ASSISTD_PLUGIN.",
                plugin.manifest.id, plugin.manifest.version};
    } catch (const Error& error) {
        throw Refusal{name + " " + error.what(), {}, {}};
    }
    for (const auto& tool : plugin.manifest.tools)
        plugin.wants_network = plugin.wants_network || tool->effects.network;
    if (plugin.wants_network) share_network(plugin.manifest);
    return plugin;
}

std::optional<FileStamp> stamp_of(const std::filesystem::path& path) {
    struct stat state {};
    if (::stat(path.c_str(), &state) != 0) return std::nullopt;
    return stamp_of(state);
}

UniqueFd private_copy(const PluginFile& plugin, const std::filesystem::path& folder) {
    errno = 0;
    UniqueFd copy = unnamed_file(folder);
    const bool copied = copy && copy_bytes(plugin.file.get(), copy.get(), plugin.stamp.size);
    int why = errno;
    struct stat state {};
    // Looked at afterwards: what was written meanwhile may be in the copy. A file that was removed is whole.
    const bool same = ::fstat(plugin.file.get(), &state) == 0 && state.st_size == plugin.stamp.size &&
                      state.st_mtim.tv_sec == plugin.written_at.tv_sec &&
                      state.st_mtim.tv_nsec == plugin.written_at.tv_nsec;
    // Hosts have no business writing to it.
    UniqueFd read_only;
    if (copied && same) {
        read_only.reset(
            ::open(("/proc/self/fd/" + std::to_string(copy.get())).c_str(), O_RDONLY | O_CLOEXEC));
        why = errno;
    }
    if (read_only) return read_only;
    const std::string sentence =
        same ? " cannot be copied to where plugins run (" + folder.string() + "): " + std::strerror(why) + "."
             : " is being written over at the moment.";
    throw Error(ErrorCode::unavailable, "The file " + plugin.path.filename().string() + sentence)
        .with_retry_after(std::chrono::seconds(2));
}

UniqueFd copy_of(int library, const std::filesystem::path& folder) {
    struct stat state {};
    UniqueFd copy = unnamed_file(folder);
    if (copy && ::fstat(library, &state) == 0 && copy_bytes(library, copy.get(), state.st_size)) return copy;
    throw Error(ErrorCode::unavailable,
                "A plugin's library cannot be copied: " + std::string(std::strerror(errno)) + ".");
}

bool same_content(const UniqueFd& one, const UniqueFd& other) {
    constexpr std::size_t piece = 64u << 10;
    std::string left(piece, '\0'), right(piece, '\0');
    for (off_t at = 0;;) {
        const ssize_t got = ::pread(one.get(), left.data(), piece, at);
        if (got < 0 || ::pread(other.get(), right.data(), piece, at) != got) return false;
        if (got == 0) return true;
        if (std::memcmp(left.data(), right.data(), static_cast<std::size_t>(got)) != 0) return false;
        at += got;
    }
}

}  // namespace assistd::tools
