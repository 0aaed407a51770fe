#pragma once
// The part of assistctl's command line that is `assistctl import`. One thread.

#include <functional>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace assistd::cli {

// Adds the command; when it is chosen, `action` becomes what it does.
void add_import(CLI::App& app, std::function<ExitCode(Context&)>& action);

}  // namespace assistd::cli
