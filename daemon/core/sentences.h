#pragma once
// Where sentences end in UTF-8 text of any language, as far as their marks tell. Pure functions.

#include <cstddef>
#include <string_view>
#include <vector>

namespace assistd::core {

// Whether the text before `at` ends with a whole sentence and the blanks behind it. Chinese and Japanese
// sentences need no blank.
bool sentence_ends_at(std::string_view text, std::size_t at);

// All of the text, in order, each part with the blanks behind it.
std::vector<std::string_view> sentences_of(std::string_view text);

}  // namespace assistd::core
