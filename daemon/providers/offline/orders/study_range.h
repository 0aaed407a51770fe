#pragma once
// What is varied in a study, as people say it: "vary p from 0.1 to 1 in 4 steps for dla", "n from 100 to
// 10000 in 5 logarithmic steps". Pure functions over words.

#include <vector>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// Replaces "from A to B in N steps", "between A and B in steps of S" and the like by the list of the values,
// both ends included; five of them when the words do not say how many. False when there is nothing of the
// kind, or what there is has no sense (no step, one value, more than a hundred).
bool expand_range(std::vector<Token>& words);

// Whether the words have such a range and say how many steps it has, or how wide they are.
bool has_stepped_range(const std::vector<Token>& words);

// The same order with what is varied behind what it is varied of: "n 100 and 200 for dla" is "dla with n 100
// and 200", and "p of clusters of 64 particles over 0.1 and 1" is "clusters of 64 particles with p 0.1 and
// 1". Each is one way to read it; `with` stands between the two.
std::vector<std::vector<Token>> varied_last(const std::vector<Token>& words, const Token& with);

}  // namespace assistd::providers::offline
