#include "check/library_checks.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/unique_fd.h"
#include "check/system_libraries.h"
#include "tools/plugins/elf_file.h"
#include "tools/plugins/plugin_file.h"
#include "tools/plugins/strict_json.h"

namespace assistd::check {
namespace {

namespace fs = std::filesystem;

constexpr auto section = ".assistd.manifest";
constexpr auto entry = "assistd_plugin_entry";

std::string name_of(const Options& options) {
    return options.file.filename().string();
}

bool check_file(const Options& options, const UniqueFd& file, Report& report) {
    const std::string name = name_of(options);
    struct stat state {};
    if (!file || ::fstat(file.get(), &state) != 0) {
        report.fail("file", options.file.string() + " cannot be opened: " + std::strerror(errno) + ".");
        return false;
    }
    if (options.file.extension() != ".so") {
        report.fail("file", "The daemon looks only at files whose names end in .so; rename " + name + ".");
        return false;
    }
    try {
        tools::check_owner(name, state);
    } catch (const tools::Refusal& refusal) {
        report.fail("file", refusal.reason);
        return true;  // the rest can be told all the same
    }
    const std::string whose = state.st_uid == 0 ? "root" : "you (a daemon of another user refuses it)";
    report.ok("file", name + " belongs to " + whose + ", and nobody else may write to it.",
              {{"bytes", static_cast<std::int64_t>(state.st_size)}});
    return true;
}

std::optional<tools::ElfFile> check_format(const Options& options, const UniqueFd& file, Report& report) {
    try {
        tools::ElfFile elf(file.get());
        report.ok("format", "It is a shared library for this machine.");
        return elf;
    } catch (const Error& error) {
        report.fail("format",
                    name_of(options) + " " + error.what() +
                        " Build it as a shared library on the kind of machine that runs the daemon.");
        return std::nullopt;
    }
}

std::optional<PluginUnderTest> check_manifest(const Options& options, const tools::ElfFile& elf,
                                              Report& report) {
    try {
        const auto text = elf.section(section, tools::max_manifest_bytes);
        if (!text) {
            report.fail(
                "manifest",
                "It has no manifest (section .assistd.manifest). Build it with assistd_add_plugin, or "
                "add plugin.json with: objcopy --add-section .assistd.manifest=plugin.json " +
                    name_of(options));
            return std::nullopt;
        }
        PluginUnderTest plugin;
        plugin.manifest = tools::parse_manifest(*text);
        const nlohmann::json document = tools::parse_strictly(*text);
        for (const auto& tool : document.at("tools"))
            if (tool.contains("examples"))
                plugin.examples[tool.at("name")] = tools::read_examples(tool.at("examples"), "examples");
        const auto& manifest = plugin.manifest;
        report.about("id", manifest.id);
        report.about("version", manifest.version);
        tools::check_whose(fs::absolute(options.file), manifest, {.own_folder = options.own_plugins});
        report.ok("manifest", "It is " + manifest.id + " " + manifest.version + " (" + manifest.licence +
                                  ") with " + counted(manifest.tools.size(), "tool") + ".");
        return plugin;
    } catch (const tools::Refusal& refusal) {
        report.fail("manifest", refusal.reason);
        return std::nullopt;
    } catch (const Error& error) {
        report.fail("manifest", name_of(options) + " " + error.what());
        return std::nullopt;
    }
}

void check_abi(const Options& options, const PluginUnderTest& plugin, Report& report) {
    const std::string version =
        std::to_string(plugin.manifest.abi_major) + "." + std::to_string(plugin.manifest.abi_minor);
    try {
        tools::check_abi(name_of(options), plugin.manifest);
        report.ok("abi", "It is for plugin ABI " + version + ", which this assistd loads.");
    } catch (const tools::Refusal& refusal) {
        report.fail("abi", refusal.reason);
    }
}

void check_exports(const tools::ElfFile& elf, Report& report) {
    std::vector<std::string> others;
    for (const auto& symbol : elf.symbols())
        if (symbol.defined && symbol.name != entry) others.push_back(symbol.name);
    if (!elf.exports(entry))
        report.fail(
            "exports",
            "It does not export assistd_plugin_entry. Write ASSISTD_PLUGIN(tools) {…}, or in C define "
            "the function with ASSISTD_EXPORT.");
    else if (!others.empty())
        report.fail("exports",
                    "It exports more than assistd_plugin_entry: " + listed(others) +
                        ". Build it with assistd_add_plugin, or with -fvisibility=hidden and "
                        "`pkg-config --libs assistd-plugin`.",
                    {{"symbols", others}});
    else
        report.ok("exports", "It exports assistd_plugin_entry and nothing else.");
}

// What the plugin's process has loaded already: the host and its libraries.
bool add_host(const Options& options, SystemLibraries& libraries, Report& report) {
    const UniqueFd file(::open(options.host.c_str(), O_RDONLY | O_CLOEXEC));
    try {
        libraries.add(tools::ElfFile(file.get()));
        return true;
    } catch (const Error& error) {
        report.fail("needs", "The plugin host " + options.host.string() + " " + error.what());
        return false;
    }
}

void check_needs(const Options& options, const tools::ElfFile& elf, Report& report) {
    SystemLibraries libraries(options.readable);
    libraries.add(elf);
    const std::size_t needed = libraries.count();
    for (const std::string& problem : libraries.problems()) report.fail("needs", problem);
    if (!libraries.problems().empty() || !add_host(options, libraries, report)) return;
    std::vector<std::string> missing;
    for (const auto& symbol : elf.symbols())
        if (!symbol.defined && !symbol.weak && !libraries.defines(symbol.name))
            missing.push_back(symbol.name);
    if (missing.empty())
        report.ok("needs", "Everything that it needs is there, in " + std::to_string(needed) +
                               " shared libraries that a plugin may read.");
    else
        report.fail("needs",
                    "No library that it names defines " + listed(missing) +
                        ". Link what defines them, and link with -Wl,-z,defs to be told so by the linker.",
                    {{"symbols", missing}});
}

}  // namespace

std::optional<PluginUnderTest> check_library(const Options& options, Report& report) {
    const UniqueFd file(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!check_file(options, file, report)) return std::nullopt;
    const auto elf = check_format(options, file, report);
    if (!elf) return std::nullopt;
    auto plugin = check_manifest(options, *elf, report);
    try {
        if (plugin) check_abi(options, *plugin, report);
        check_exports(*elf, report);
        check_needs(options, *elf, report);
    } catch (const Error& error) {
        report.fail("format", name_of(options) + " " + error.what());
        return std::nullopt;
    }
    return plugin;
}

}  // namespace assistd::check
