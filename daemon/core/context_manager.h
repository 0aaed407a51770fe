#pragma once
// Chooses which part of a conversation a model gets to see. Stateless; any thread.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/async.h"
#include "core/ports.h"

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

using MessagePtr = std::shared_ptr<const Message>;

class ContextManager {
  public:
    ContextManager(Store& store, ContextSettings settings) : store_(store), settings_(settings) {}

    // How many tokens the history may take. Throws Error{validation} when the new message alone cannot fit.
    std::int64_t history_budget(std::int64_t window, std::int64_t prompt_tokens,
                                const Message& user_message) const;

    // The history before a turn, oldest first. An exchange (a turn's messages) is taken whole or not at all,
    // so a tool call and its results are never parted. Reads from the end, however long the conversation is.
    Task<std::vector<MessagePtr>> history(ConversationId id, TurnId current, std::int64_t token_budget) const;

  private:
    Store& store_;
    ContextSettings settings_;
};

}  // namespace assistd::core
