#pragma once
// Answers out of the user's documents: when a question that is no order is worth a search, and what a search
// found as text with the markers that cite it. Pure functions, any thread.

#include <string>

#include "providers/offline/history.h"

namespace assistd::providers::offline {

// A question with enough words of its own. Sentences that only sound like an order are none: who mistyped one
// wants to know that.
bool is_worth_a_search(const std::string& message);

// The sentences of the best passages that are nearest to the question, each with its marker. With
// `good_only`, only of passages that have most of the question's words; empty when none has.
std::string text_of_passages(const Call& search, const std::string& question, bool good_only);

}  // namespace assistd::providers::offline
