#pragma once
// Names that users gave to what they made: "grow a dla of 500 particles and call it alpha", "render alpha".
// Such a name stands for the handle of the newest thing that has it.

#include <string>

#include "providers/offline/grammar.h"
#include "providers/offline/history.h"

namespace assistd::providers::offline {

// The message with the names that were given before `exchange` replaced by handles. A name that is a word of
// phrases ("dla") is left, and so is one that is given just here ("… and call it alpha").
std::string with_handles(std::string message, const Grammar& grammar, History& history, std::size_t exchange);

}  // namespace assistd::providers::offline
