#pragma once
// What people say and what must run for it, by theme. Each row is a whole turn in a new conversation of an
// owner who has study-3, simulation-5 to simulation-7, analysis-4 and plot-2.

#include "conversation.h"

namespace assistd::test {

extern const std::vector<Row> run_sentences;
extern const std::vector<Row> artifact_sentences;
extern const std::vector<Row> report_sentences;
extern const std::vector<Row> talk_sentences;

// Puts what that owner has.
void furnish_owner(Conversation& conversation);

}  // namespace assistd::test
