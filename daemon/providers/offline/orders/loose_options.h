#pragma once
// Orders with options where no phrase has them: "make a 200-particle cca cluster with seed 3", "grow 1000
// particles of 2D DLA". Pure functions but for the matcher.

#include <optional>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The best way to read the clause as one of the tool's phrases once some of its options, found anywhere in
// it, are put behind; every word of it is used. None when there is no such way.
std::optional<Match> match_loosely(Matcher& matcher, const GrammarTool& tool, Tokens clause);

}  // namespace assistd::providers::offline
