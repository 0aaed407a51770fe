#pragma once
// What stands for the oldest part of a conversation where the policy is to summarise it. Value types and pure
// functions.

#include <optional>
#include <span>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/recent_histories.h"

namespace assistd::core {

struct Summary {
    ConversationId conversation;
    TurnId upto;  // the newest turn that it covers; every older one is covered too
    std::string text;
    Timestamp created_at;
};

// What is to be summarised, and what stays as it is: whole exchanges, oldest first.
struct SummaryPlan {
    std::vector<MessagePtr> dropped;
    TurnId upto;  // nil: nothing is to be summarised
    std::vector<MessagePtr> kept;
    std::int64_t kept_tokens = 0;
};

// Keeps as many of the newest exchanges as fit the budget.
SummaryPlan plan_summary(std::span<const MessagePtr> oldest_first, std::int64_t kept_budget);

// The messages as text for a model that summarises them; long results are cut.
std::string as_text(std::span<const MessagePtr> messages);

// The message in which the summary stands before the rest of the history.
MessagePtr summary_message(const Summary& summary);

}  // namespace assistd::core
