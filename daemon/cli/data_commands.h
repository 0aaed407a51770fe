#pragma once
// The part of assistctl's command line that is about all that is stored: backup and restore, and all that
// belongs to one user. One thread.

#include <functional>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace assistd::cli {

// Adds the commands, some of them to the group "users" where it is there already; when one is chosen,
// `action` becomes what it does.
void add_data(CLI::App& app, std::function<ExitCode(Context&)>& action);

}  // namespace assistd::cli
