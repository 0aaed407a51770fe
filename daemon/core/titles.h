#pragma once
// Titles that need no model.

#include <string>
#include <string_view>

namespace assistd::core {

// The first line of what the user said, at most 60 characters, cut between words; never empty.
std::string title_from(std::string_view first_message);

}  // namespace assistd::core
