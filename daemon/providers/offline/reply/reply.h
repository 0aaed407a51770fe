#pragma once
// The sentences of the offline provider: what it says after the tools ran, when it asks, and when it cannot
// help. Pure functions, any thread.

#include <string>

#include "providers/offline/conversation/dialogue.h"
#include "providers/offline/orders/grammar.h"
#include "providers/offline/plan/planner.h"

namespace assistd::providers::offline {

// After the last round of an order.
std::string reply_to_order(const Grammar& grammar, const Plan& plan, const Intent& intent);
// Without an order: questions, help, and what was not understood.
std::string reply_to_talk(const Grammar& grammar, const Intent& intent);

}  // namespace assistd::providers::offline
