#pragma once
// A turn: one user message and everything that was done to answer it. Value types.

#include <chrono>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"
#include "core/message.h"
#include "core/turn_options.h"

namespace assistd::core {

enum class TurnState { running, completed, failed, cancelled };

// Where a turn must stop: from there on a final answer is asked for without tools. Checked before each round
// and each tool call; 0 switches one off.
struct Budget {
    int max_rounds = 10;
    int max_tool_calls = 50;
    std::int64_t max_tokens = 0;
    double max_cost = 0;
    std::chrono::seconds max_time{600};            // without what is waited for a person
    std::chrono::seconds approval_timeout{3'600};  // then a call that waits for a person is refused
};

struct Turn {
    TurnId id;
    ConversationId conversation;
    Owner owner;
    MessageId user_message;  // that it answers; nil: it goes on from what there is
    TurnState state = TurnState::running;
    std::string project_id;
    std::string idempotency_key;  // empty: none
    std::string request_hash;     // of what was posted: the same key with another request is a conflict
    Timestamp created_at;
    Timestamp finished_at;  // set when the state is no longer running
    // Why it ended, when not completed: an ErrorCode's name and a sentence.
    std::string error_code;
    std::string error_message;
    // When it may be tried again, where the provider said so. Not stored: it is soon out of date.
    std::optional<std::chrono::seconds> retry_after = {};
    Usage usage;
    int rounds = 0;
    // The part of the budget that was used up, by its name in the config: max_rounds, max_tool_calls,
    // max_tokens or max_cost. Empty: none.
    std::string limit_reached;
    std::int64_t event_id = 0;  // the last event emitted, set at the end
    // Which model answers; chosen at the begin.
    std::string provider;
    std::string model;
    TurnOptionsPtr options = usual_options();
    std::string metadata = "{}";  // a JSON object, kept as given
    // Which one did, when it was another one: a fallback. Not stored with the turn; its usage is booked
    // there.
    std::string answered_provider = {};
    std::string answered_model = {};
    // The title that this turn told of, if any, and the event that told it.
    std::string title;
    std::int64_t title_event_id = 0;
    // Of the request that began it, for the log. Not stored: after a restart there is none.
    std::string request_id = {};
};

std::string_view name_of(TurnState state);

}  // namespace assistd::core
