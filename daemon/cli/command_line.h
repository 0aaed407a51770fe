#pragma once
// The command line of assistctl: reads it and runs the one command that it names. One thread.

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace assistd::cli {

// `arguments` are without the program's name. Returns the process' exit code (failure.h).
int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace assistd::cli
