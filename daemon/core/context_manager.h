#pragma once
// Chooses which part of a conversation a model gets to see. Any thread; one turn of a conversation at a time.

#include <cstdint>
#include <vector>

#include "base/async.h"
#include "core/ports.h"
#include "core/recent_histories.h"

namespace assistd::core {

enum class ContextPolicy {
    whole_exchanges,  // as many of the newest exchanges as fit the token budget
    last_messages,    // the newest messages, at most so many, begun at an exchange's start
};

struct ContextSettings {
    ContextPolicy policy = ContextPolicy::whole_exchanges;
    int last_messages = 20;
    double reply_share = 0.25;  // of the model's window, kept free for the reply
};

class ContextManager {
  public:
    ContextManager(Store& store, ContextSettings settings);

    // How many tokens the history may take. Throws Error{validation} when the new message alone cannot fit.
    std::int64_t history_budget(std::int64_t window, std::int64_t prompt_tokens,
                                const Message& user_message) const;

    // The history before a turn, oldest first, of the conversation as it was before it. An exchange (a turn's
    // messages) is taken whole or not at all, so a tool call and its results are never parted. Read from the
    // end, and from memory when remember() saw the last turn, however long the conversation is.
    Task<std::vector<MessagePtr>> history(Conversation before, TurnId current, std::int64_t token_budget);

    // The turn that history() was asked for has ended, with these messages, which are stored.
    void remember(const Conversation& before, std::vector<MessagePtr> exchange);

  private:
    Task<RecentHistory> read(ConversationId id, TurnId current, std::int64_t token_budget);

    Store& store_;
    ContextSettings settings_;
    RecentHistories recent_;
};

}  // namespace assistd::core
