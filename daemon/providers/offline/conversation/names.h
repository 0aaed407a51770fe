#pragma once
// Names that users gave to what they made: "grow a dla of 500 particles and call it alpha", "render alpha".
// Such a name stands for the handle of the newest thing that has it.

#include <map>
#include <string>

#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The message with the names that were given before `exchange` replaced by handles. A name that is a word of
// phrases ("dla") is left, and so is one that is given just here ("… and call it alpha").
std::string with_handles(std::string message, const Grammar& grammar, History& history, std::size_t exchange);

// What the conversation's things were called, in lower case, by their handles.
std::map<std::string, std::string> given_names(History& history);
// "alpha (2)" for what is made once more, and "alpha (3)" after that: a name that the
// conversation had not before `exchange`.
std::string name_of_rerun(History& history, std::size_t exchange, const std::string& name);
// Whether its words are all of phrases, "dla": then it would be taken for what they mean.
bool is_common_name(const Grammar& grammar, const std::string& name);
// Whether the words have this name, which is in lower case.
bool says_name(const std::string& words, const std::string& name);

}  // namespace assistd::providers::offline
