#include "check/valgrind_checks.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "check/caller.h"
#include "check/valgrind_report.h"

namespace assistd::check {
namespace {

namespace fs = std::filesystem;

// Programs run thirty times slower, and the leaks are looked for at the end.
constexpr std::chrono::minutes time_limit{5};
constexpr std::chrono::milliseconds time_to_end{60'000};
constexpr std::size_t most_errors = 10;

fs::path find_program(const char* name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((fs::path(folder) / name).c_str(), X_OK) == 0) return fs::path(folder) / name;
    return {};
}

std::string quoted(const fs::path& path) {
    std::string text = "'";
    for (const char c : path.string()) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

// What is started in the plugin host's place, with the same arguments behind it.
fs::path write_starter(const Options& options, const fs::path& valgrind, const fs::path& folder) {
    const fs::path starter = folder / "host-under-valgrind";
    std::ofstream script(starter);
    script << "#!/bin/sh\nexec " << quoted(valgrind)
           << " --quiet --vgdb=no --xml=yes --leak-check=full --show-leak-kinds=definite"
           << " --errors-for-leak-kinds=definite --xml-file=" << quoted(folder / "report-%p.xml") << " "
           << quoted(options.valgrind_host) << " " << quoted(fs::canonical(options.file)) << " \"$@\"\n";
    script.close();
    fs::permissions(starter, fs::perms::owner_all);
    if (!script) throw Error(ErrorCode::unavailable, "The file " + starter.string() + " cannot be written.");
    return starter;
}

// Runs the tool's examples once each in one process; the number of them that came to their end.
std::size_t run_examples(const Options& options, const PluginUnderTest& plugin, const std::string& tool,
                         const fs::path& starter, std::string& trouble) {
    Caller caller(options, plugin.manifest.id, {.host = starter, .cancel_grace = time_to_end});
    std::size_t run = 0;
    for (const tools::ToolExample& example : plugin.examples_of(tool)) {
        ExampleFiles files(example, options.files);
        const Ran ran = caller.run(tool, example.arguments, files, time_limit);
        if (ran.refused.empty()) ++run;
        const bool crashed =
            !ran.result.success && ran.result.error == core::ToolErrorType::PluginCrashedError;
        if (ran.refused.empty() && crashed) trouble = ran.result.message;
    }
    caller.stop();
    return run;
}

void add_errors(std::vector<std::string>& all, std::size_t& elsewhere, bool& complete, const fs::path& folder,
                const Options& options) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".xml") continue;
        const ValgrindReport found = read_valgrind_report(entry.path(), fs::canonical(options.file));
        all.insert(all.end(), found.errors.begin(), found.errors.end());
        elsewhere += found.elsewhere;
        complete = complete && found.complete;
    }
}

void check_tool(const Options& options, const PluginUnderTest& plugin, const std::string& tool,
                const fs::path& valgrind, Report& report) {
    const TemporaryFolder folder;
    const fs::path starter = write_starter(options, valgrind, folder.path());
    std::string trouble;
    const std::size_t run = run_examples(options, plugin, tool, starter, trouble);
    std::vector<std::string> errors;
    std::size_t elsewhere = 0;
    bool complete = run > 0;
    add_errors(errors, elsewhere, complete, folder.path(), options);
    if (run == 0) {
        report.note(tool, "It has no example that reaches the plugin, so valgrind had nothing to look at.");
        return;
    }
    std::ranges::sort(errors);
    errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
    for (std::size_t i = 0; i < std::min(errors.size(), most_errors); ++i)
        report.fail(tool, "Under valgrind: " + errors[i], {{"valgrind", true}});
    if (errors.size() > most_errors)
        report.fail(tool, "Under valgrind: " + std::to_string(errors.size() - most_errors) + " more errors.");
    if (!complete)
        report.fail(
            tool, "Under valgrind the plugin did not end in order, so leaks were not looked for. " + trouble);
    if (errors.empty() && complete)
        report.ok(tool,
                  "Valgrind finds nothing lost and nothing used wrongly in " + counted(run, "example") + ".",
                  {{"valgrind", true}});
    if (elsewhere > 0)
        report.note(tool, "Valgrind finds " + counted(elsewhere, "error") +
                              " in libraries in which the plugin's code has no part.");
}

}  // namespace

void check_under_valgrind(const Options& options, const PluginUnderTest& plugin, Report& report) {
    const fs::path valgrind = find_program("valgrind");
    if (valgrind.empty()) {
        report.fail("valgrind",
                    "There is no valgrind on this machine, so nothing was run under it. Install the package "
                    "valgrind (apt install valgrind).");
        return;
    }
    if (::access(options.valgrind_host.c_str(), X_OK) != 0) {
        report.fail("valgrind", "The program " + options.valgrind_host.string() + " is missing.");
        return;
    }
    report.note("valgrind", "The examples are run once more under valgrind, outside the sandbox.");
    for (const auto& tool : plugin.manifest.tools) try {
            check_tool(options, plugin, tool->name, valgrind, report);
        } catch (const std::exception& error) {
            report.fail(tool->name, std::string("Under valgrind it cannot be run: ") + error.what());
        }
}

}  // namespace assistd::check
