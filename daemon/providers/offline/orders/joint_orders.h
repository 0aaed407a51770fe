#pragma once
// Several orders in one sentence of which only one says what all of them need: "run a dla and a cca
// simulation with 500 particles". Pure functions over values.

#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// Gives each order that lacks something it needs, and whose successor is joined by "and" and says it, all
// that the successor says and it could take.
void share_arguments(std::vector<Readings>& steps);

// Whether the reading is two runs or more and an order that takes what they make.
bool is_comparison_of_runs(const MessageReading& reading);

}  // namespace assistd::providers::offline
