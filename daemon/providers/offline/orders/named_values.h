#pragma once
// Names that stand for values, where a study varies them: "regime = dlca, rlca" is "sticking_probability 1,
// 0.001". Pure functions over words.

#include <string>
#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// Puts the values in the place of a list of such names, and of the word before it that no tool knows. Returns
// what the reply is to say of it; empty when there was no such list.
std::string values_for_names(const Grammar& grammar, std::vector<Token>& words);

}  // namespace assistd::providers::offline
