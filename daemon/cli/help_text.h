#pragma once
// The help of a command as a terminal can show it. A pure function.

#include <cstddef>
#include <string>
#include <string_view>

namespace assistd::cli {

// The column in which a terminal of so many begins what an option is for.
std::size_t help_column(std::size_t columns);
// Lines that are too long go on below where their description begins, broken between words.
std::string fitted_help(std::string_view help, std::size_t columns);

}  // namespace assistd::cli
