#pragma once
// Loads the plugin in the sandbox and runs its tools' examples as the daemon would: results, expected
// failures, time, memory, cancelling, and whether the same call gives the same data. One thread.

#include "check/caller.h"
#include "check/plugin_under_test.h"
#include "check/report.h"

namespace assistd::check {

// An example that works.
struct GoodExample {
    const tools::ToolExample* example = nullptr;
    std::string name;  // "example 1"
    Milliseconds time{0};
};

// False when the plugin cannot be loaded.
bool check_load(Caller& caller, const PluginUnderTest& plugin, Report& report);

// Runs every example of the tool; those that work.
std::vector<GoodExample> check_examples(Caller& caller, const PluginUnderTest& plugin,
                                        const core::ToolSpec& tool, const Options& options, Report& report);

// What stands in for the tool's own limit while examples are run, which are to be quick.
std::chrono::milliseconds example_time_limit(const core::ToolSpec& tool);

}  // namespace assistd::check
