#pragma once
// What people ask for that no tool does: "compute the structure factor". It is known by the tools' manifests
// alone: no phrase, title or number of theirs has these words. Pure functions, any thread.

#include <string>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// "I have no tool for “structure factor”. The nearest that I have is …"; empty where the words are no such
// wish.
std::string told_missing(const Grammar& grammar, Tokens words);

}  // namespace assistd::providers::offline
