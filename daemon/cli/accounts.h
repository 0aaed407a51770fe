#pragma once
// assistctl users, keys and whoami: who may use the daemon. Made once, when the command line is read.

#include <functional>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace assistd::cli {

// Add the commands; when one is chosen, `action`, which must outlive the parsing, is what it does.
void add_users(CLI::App& app, std::function<ExitCode(Context&)>& action);
void add_keys(CLI::App& app, std::function<ExitCode(Context&)>& action);

ExitCode who_am_i(Context& context);

}  // namespace assistd::cli
