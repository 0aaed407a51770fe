#pragma once
// Answers out of the user's documents: when a question that is no order is worth a search, and what a search
// found as text with the markers that cite it. Pure functions, any thread.

#include <string>

#include "providers/offline/conversation/history.h"

namespace assistd::providers::offline {

// A question with enough words of its own. Sentences that only sound like an order are none: who mistyped one
// wants to know that.
bool is_worth_a_search(const std::string& message);

// How much of the question's words a passage has to have: to be an answer, to be shown as what is nearest to
// one, and where people asked for what there is.
enum class Fit { answer, near, any };

// The sentences of the best passages that are nearest to the question, each with its marker. Empty when no
// passage fits.
std::string text_of_passages(const Call& search, const std::string& question, Fit fit);

}  // namespace assistd::providers::offline
