// assistd-plugin-check: tells a plugin's author whether a library will work, without a daemon.

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.h"
#include "check/example_checks.h"
#include "check/leak_checks.h"
#include "check/library_checks.h"
#include "check/phrase_checks.h"
#include "check/schema_checks.h"
#include "check/valgrind_checks.h"

namespace assistd::check {
namespace {

namespace fs = std::filesystem;

// In the build tree the hosts are beside this program, installed in the usual place.
fs::path helper(const char* name) {
    const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    const fs::path beside = folder / name;
    return fs::exists(beside) ? beside : folder.parent_path() / "libexec/assistd" / name;
}

// So too.
fs::path own_plugins() {
    const fs::path above = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
    const fs::path beside = above / "plugins";
    return fs::exists(beside) ? beside : above / "lib/assistd/plugins";
}

void run_tools(const Options& options, const PluginUnderTest& plugin, Report& report) {
    Caller caller(options, plugin.manifest.id, {.host = options.host});
    if (!check_load(caller, plugin, report)) return;
    for (const auto& tool : plugin.manifest.tools) {
        // A process for each tool, so that one's memory is not counted as another's.
        Caller of_this_tool(options, plugin.manifest.id, {.host = options.host});
        const auto good = check_examples(of_this_tool, plugin, *tool, options, report);
        check_leaks(of_this_tool, *tool, good, options, report);
    }
}

void check(const Options& options, Report& report) {
    const auto plugin = check_library(options, report);
    if (plugin) check_schemas(*plugin, report);
    const bool is_usable = plugin && report.good();
    // The daemon takes a plugin with phrases that it cannot understand, so its tools are run all the same.
    if (is_usable) check_phrases(*plugin, report);
    if (!is_usable) {
        // What cannot be used cannot be run: the daemon would not.
        report.note("load", "It was not loaded, because of what is wrong so far.");
        return;
    }
    run_tools(options, *plugin, report);
    if (options.valgrind) check_under_valgrind(options, *plugin, report);
}

int run(const Options& options) {
    // What the daemon's code logs about a plugin stands in the findings too.
    spdlog::set_default_logger(spdlog::null_logger_mt("check"));
    Report report(std::cout, options.json);
    try {
        check(options, report);
    } catch (const std::exception& error) {
        report.fail("check", std::string("The check cannot go on: ") + error.what());
    }
    report.finish(options.file.string());
    return report.good() ? 0 : 1;
}

}  // namespace
}  // namespace assistd::check

int main(int count, char** arguments) {
    using namespace assistd::check;
    constexpr int wrong_usage = 2;
    Options options;
    std::string file, files;
    CLI::App app(
        "Checks whether a plugin will work: its file, manifest, schemas, phrases, symbols and libraries, and "
        "its tools' examples in the sandbox. Exit code 0: nothing fails.",
        "assistd-plugin-check");
    app.add_option("file", file, "The plugin, NAME.so")->required();
    app.add_flag("--valgrind", options.valgrind,
                 "Also run the examples under valgrind (outside the sandbox)");
    app.add_flag("--json", options.json, "One JSON document");
    app.add_option("--files", files, "Where the files of examples are; the plugin's folder otherwise");
    app.add_option("--readable", options.readable, "A folder that plugins.readable of the config names")
        ->allow_extra_args(false);
    app.add_flag("--network", options.network, "As if plugins.network of the config named it");
    try {
        app.parse(count, arguments);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return wrong_usage;
    }
    options.file = file;
    options.files = files.empty() ? options.file.parent_path() : std::filesystem::path(files);
    options.host = helper("assistd-plugin-host");
    options.valgrind_host = helper("assistd-plugin-valgrind-host");
    options.own_plugins = own_plugins();
    return run(options);
}
