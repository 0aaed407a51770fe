#pragma once
// Answers to a question about one argument of a tool. Pure functions, any thread.

#include <optional>
#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

using Answer = std::vector<Binding>;

// What an answer such as "make it 500" or "300 in 2d, seed 7" gives: the wanted argument and others. None
// when a word of it is not understood.
std::optional<Answer> read_answer(const Grammar& grammar, const GrammarTool& tool, const Argument& wanted,
                                  Tokens words);

}  // namespace assistd::providers::offline
