#pragma once
// A line that nobody should see: a password. On the main thread.

#include <iosfwd>
#include <string>

namespace assistd::cli {

// From a terminal, where it is asked for twice and not shown; else the first line of standard input. Throws
// Failure when there is none, or the two differ.
std::string read_secret(std::ostream& err, const std::string& question);
// One that is there already, which a terminal asks for once. Throws Failure when there is none.
std::string read_present_secret(std::ostream& err, const std::string& question);

}  // namespace assistd::cli
