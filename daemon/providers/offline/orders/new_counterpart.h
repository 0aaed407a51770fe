#pragma once
// "Compare it with a DLCA of the same size": what is compared with is not there yet. Pure functions.

#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The run that makes it, and the comparison of the two; empty when the sentence asks for nothing of the kind.
std::vector<Readings> with_new_counterpart(const Grammar& grammar, Tokens sentence);

}  // namespace assistd::providers::offline
