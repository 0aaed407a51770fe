#pragma once
// Titles: those that need no model, and what of a model's answer is one. Pure functions.

#include <string>
#include <string_view>

namespace assistd::core {

// The first line of what the user said, at most 60 characters, cut between words; never empty.
std::string title_from(std::string_view first_message);

// The title in a model's answer to prompts/title.mustache, at most 60 characters, without quotation marks and
// Markdown. Empty when the answer is none: nothing, a refusal, or talk.
std::string title_in_answer(std::string_view answer);

}  // namespace assistd::core
