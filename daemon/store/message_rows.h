#pragma once
// The columns of a message's row, for those who read messages. Pure functions.

#include "core/message.h"
#include "store/database.h"

#define MESSAGE_COLUMNS                                                                                 \
    "id, conversation, turn, sequence, role, blocks, created_at, model, finish_reason, prompt_tokens, " \
    "completion_tokens, cached_tokens, cost, event_id, pieces, replies, provider, "                     \
    "limit_reached, usage_estimated, metadata, attachments, citations, feedback"

namespace assistd::store {

inline constexpr int message_columns = 23;

// Of a row that begins with them.
core::Message message_at(const Rows& row);

}  // namespace assistd::store
