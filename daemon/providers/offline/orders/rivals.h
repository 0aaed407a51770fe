#pragma once
// Orders that are as good for tools which take other things: "export it as csv" of a simulation, of a study
// or of a comparison, "what is the mean Df?" of a study or of simulations. What the conversation deals with
// tells which is meant (planner.h). Pure functions, any thread.

#include <utility>
#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The one argument of the step that is looked up and that no word names by a handle or a kind; null when
// there is none.
const Argument* unnamed_argument(const Step& step);

// Whether it only asks, and about nothing in particular: "which one has the highest Df?" of a list.
bool tells_of_all(const Step& step);

// The best of the readings with their scores, those as good as it beside it. Those that take other things and
// have as many words of the sentence become rivals of the first.
Readings best_of(std::vector<std::pair<int, Step>> readings);

}  // namespace assistd::providers::offline
