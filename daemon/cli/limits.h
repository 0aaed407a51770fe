#pragma once
// assistctl limits: what a user may ask for, and what is left of it. Made once, when the command line is
// read.

#include <functional>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace assistd::cli {

// Adds the command; when it is chosen, `action`, which must outlive the parsing, is what it does.
void add_limits(CLI::App& app, std::function<ExitCode(Context&)>& action);

}  // namespace assistd::cli
