#pragma once
// The messages' rows: appending one keeps its conversation's counters, the rows of its tool calls and the
// search index in step, in the same transaction. Appends run on the writer's thread, reads on a reader's.

#include <string>
#include <vector>

#include "core/conversation.h"
#include "core/message.h"
#include "core/ports.h"
#include "store/writer.h"

namespace assistd::store {

// A message with everything worked out that needs no database, so that the writer's thread is spared it.
struct MessageDraft {
    core::Message message;
    std::string blocks;   // as JSON
    std::string text;     // what is searched
    std::string preview;  // the first 100 code points of it
};
MessageDraft draft_of(core::Message message);
std::vector<MessageDraft> drafts_of(std::vector<core::Message> messages);

// Gives the message its sequence: the conversation's next, or, for a tool's result, the place behind the
// reply that called it. Throws Error{not_found} when there is no such conversation, and for a tool result
// whose call its turn never announced.
void append_message(WriteScope& scope, const MessageDraft& draft);

// Hides this message of the user's and all that came after it. Throws Error{not_found} for any other message.
void take_back(WriteScope& scope, ConversationId conversation, MessageId user_message);
// Gives the user's message to the turn that answers it again, and hides all that came after it.
void answer_again(WriteScope& scope, const core::Turn& turn, MessageId user_message);

// What the user said last, when nothing was said behind it and no turn answers it.
std::optional<core::Message> read_unanswered_message(Database& db, ConversationId id);
// Gives it to the turn that says it answers it.
void answer_unanswered(WriteScope& scope, const core::Turn& turn);

// Throws Error{not_found} for what is no assistant's message of the conversation.
void set_feedback(WriteScope& scope, ConversationId conversation, const std::vector<MessageId>& messages,
                  const std::string& feedback);

core::Message read_user_message(Database& db, ConversationId conversation, MessageId id);
std::optional<core::Message> read_last_user_message(Database& db, ConversationId id);
// The pages of a conversation leave hidden messages out; those of a turn are all there.
core::Page<core::Message> read_messages(Database& db, ConversationId id, const std::string& after, int limit);
std::vector<core::Message> read_messages_before(Database& db, ConversationId id, std::int64_t before,
                                                int limit);
std::vector<core::Message> read_messages_of_turn(Database& db, TurnId id);

// Asks for the index rows of all messages of a conversation that is about to go to be removed.
void unindex_messages(WriteScope& scope, ConversationId id);

// The first `count` code points of a UTF-8 text.
std::string_view first_code_points(std::string_view text, std::size_t count);

}  // namespace assistd::store
