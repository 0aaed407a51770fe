#pragma once
// Checks a prompt's text before it is used, so that what is wrong with it is said at the start and with its
// line. Rendering: prompt_builder.h. Pure functions, any thread.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::core {

struct PromptTemplate {
    std::string text;
    std::string place;  // the file that it was read from, for sentences about it
};

// What a prompt may say: the names at its top level under "", and those within a section under its name.
using Vocabulary = std::map<std::string_view, std::vector<std::string_view>>;

// Throws Error{validation}: "FILE:LINE: SENTENCE." Allowed are variables, sections, inverted sections and
// comments of Mustache, with the names of the vocabulary. The `needed` variables must be told in every
// rendering that has them: outside of sections other than their own.
void check_template(const PromptTemplate& prompt, const Vocabulary& vocabulary,
                    const std::vector<std::string_view>& needed = {});

}  // namespace assistd::core
