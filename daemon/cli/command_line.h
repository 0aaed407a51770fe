#pragma once
// The command line of assistctl: reads it and runs the one command that it names. One thread.

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace assistd::cli {

// `program` is how it was called: so the commands that it tells people to type can be typed. `arguments` are
// without it. Returns the process' exit code (failure.h).
int run(const std::string& program, std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace assistd::cli
