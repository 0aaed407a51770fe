#pragma once
// Sentences that are known as a whole, "thank you", and those that ask for an explanation. Pure functions,
// any thread.

#include <optional>

#include "providers/offline/conversation/dialogue.h"

namespace assistd::providers::offline {

bool says_no(const std::vector<Token>& tokens);
bool says_yes(const std::vector<Token>& tokens);
// greeting, thanks, help or list_tools.
std::optional<Intent::Kind> set_phrase(const std::vector<Token>& tokens);

// "help with run_box_counting", "what does box counting do": the words after the opening; none without one.
std::optional<Tokens> topic_words(Tokens tokens);
// "What does kf mean?": what tools say of the number that they report; empty for other questions.
std::string meaning_asked_for(Tokens tokens, const Grammar& grammar);
// The tool that is to be explained; null when the words ask for something else.
const GrammarTool* topic_of(Tokens tokens, Tokens topic, const Grammar& grammar);

}  // namespace assistd::providers::offline
