#pragma once
// `assistctl bench`: how long the daemon that runs takes to answer, with so many people at once. The turns
// are real ones, in conversations of their own that are deleted afterwards. On the main thread; its workers
// are gone when it returns.

#include <functional>
#include <string>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace assistd::cli {

struct BenchOptions {
    int turns = 50;
    int at_once = 4;
    std::string text = "What can you do?";
    std::string model;  // empty: the daemon's default
};

// Adds the command; when it is chosen, `action` becomes what it does.
void add_bench(CLI::App& app, std::function<ExitCode(Context&)>& action);

// `failed` when a turn did.
ExitCode bench(Context& context, const BenchOptions& options);

}  // namespace assistd::cli
