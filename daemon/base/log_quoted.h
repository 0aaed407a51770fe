#pragma once
// A value in a line of the log that may hold anything. A function without state.

#include <string>
#include <string_view>

namespace assistd::log {

// In quotes, with those in it escaped: what="a key begins with \"ak_\""
std::string quoted(std::string_view text);

}  // namespace assistd::log
