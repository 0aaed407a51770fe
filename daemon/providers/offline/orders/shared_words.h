#pragma once
// Clauses in which "and" joins two parts of one: "grow 2D and 3D DLA of 500 particles". Pure functions.

#include <vector>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// The ways in which the clause may be several that share their other words, each as those clauses: "grow 2D
// DLA of 500 particles", "grow 3D DLA of 500 particles".
std::vector<std::vector<std::vector<Token>>> with_words_shared(Tokens clause);

}  // namespace assistd::providers::offline
