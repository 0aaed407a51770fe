#pragma once
// The turns' rows and the marks of their tool calls. Functions with a WriteScope run on the writer's thread,
// the others on a reader's.

#include <optional>
#include <string>
#include <vector>

#include "core/ports.h"
#include "core/turn.h"
#include "store/messages.h"

namespace assistd::store {

// The same idempotency key of the same owner within 24 hours gives the stored turn; with another request hash
// it throws Error{conflict}.
core::TurnBegun begin_turn(WriteScope& scope, const core::Turn& turn, const MessageDraft& user_message,
                           MessageId instead_of = {});
// A turn that answers a message again: the message becomes its own, and the reply of the turn before it is
// hidden. Throws Error{not_found} for a message that is none of the conversation's.
core::TurnBegun begin_turn_again(WriteScope& scope, const core::Turn& turn, MessageId user_message);
// A turn that answers the conversation behind these messages, the last of which may be the one it answers.
core::TurnBegun begin_turn_as_it_stands(WriteScope& scope, const core::Turn& turn,
                                        const std::vector<MessageDraft>& said);
// Nothing when the key is not known or no longer honoured at `time`.
std::optional<core::Turn> read_turn_with_key(Database& db, const core::Owner& owner, const std::string& key,
                                             Timestamp time);
void mark_call_started(WriteScope& scope, TurnId turn, const std::string& call_id, Timestamp time);
void end_turn(WriteScope& scope, const core::Turn& turn, const std::optional<MessageDraft>& last_message);

core::Slice<core::Turn> read_turns(Database& db, const core::Owner& owner, ConversationId id,
                                   const core::ListRange<TurnId>& listing);
core::Turn change_turn_metadata(WriteScope& scope, const core::Owner& owner, TurnId id,
                                const std::string& metadata);
core::Turn read_turn(Database& db, const core::Owner& owner, TurnId id);
std::vector<TurnId> read_turns_answering(Database& db, MessageId user_message);  // oldest first
int count_restart(WriteScope& scope, TurnId id, std::int64_t messages);
void forgive_restarts(WriteScope& scope);
std::vector<core::Turn> read_unfinished_turns(Database& db);                 // oldest first
std::vector<core::StoredToolCall> read_tool_calls(Database& db, TurnId id);  // as announced

}  // namespace assistd::store
