#pragma once
// Thoughts that some servers leave in the text of a reply, between <think> and </think>. Pure functions.

#include <string>
#include <string_view>

namespace assistd::core {

// What is said besides them. A thought whose begin is missing begins with the text; one that is never closed
// is one only when nothing stands before it.
std::string without_thoughts(std::string_view text);

}  // namespace assistd::core
