#include "tools/plugins/plugin_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "tools/plugins/elf_file.h"

namespace assistd::tools {
namespace {

// The version of plugin-api/include/assistd/plugin.h that hosts of this build speak.
constexpr int abi_major = 1;
constexpr int abi_minor = 0;

std::int64_t changed_at(const struct stat& state) {
    return std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec;
}

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

Manifest read_manifest(const std::string& name, const ElfFile& elf) {
    const auto text = elf.section(".assistd.manifest", max_manifest_bytes);
    if (!text)
        throw Refusal{
            name + " has no manifest (section .assistd.manifest); build it with assistd_add_plugin.", {}, {}};
    return parse_manifest(*text);
}

}  // namespace

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
    plugin.changed_at_ns = changed_at(state);
    plugin.size = state.st_size;
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
    for (const auto& tool : plugin.manifest.tools) {
        plugin.memory_limit_mb = std::max(plugin.memory_limit_mb, tool->memory_limit_mb);
        plugin.wants_network = plugin.wants_network || tool->effects.network;
    }
    return plugin;
}

void PluginFile::check_unchanged() const {
    struct stat state {};
    if (::fstat(file.get(), &state) != 0 || state.st_size != size || changed_at(state) != changed_at_ns)
        throw Error(ErrorCode::validation, "The file " + path.filename().string() +
                                               " was written over since it was checked; restart the daemon.");
}

}  // namespace assistd::tools
