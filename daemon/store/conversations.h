#pragma once
// The conversations' rows. Functions with a WriteScope run on the writer's thread, the others on a reader's.

#include <string>

#include "core/conversation.h"
#include "core/listing.h"
#include "store/writer.h"

namespace assistd::store {

void add_conversation(WriteScope& scope, const core::Conversation& conversation);
core::Conversation change_conversation(WriteScope& scope, const core::Owner& owner, ConversationId id,
                                       const core::ConversationChange& change, Timestamp time);
// Does nothing when there is a title already.
void set_first_title(WriteScope& scope, ConversationId id, const std::string& title);
// Replaces no title but that of the first message; an empty one replaces nothing and settles that.
void set_model_title(WriteScope& scope, ConversationId id, const std::string& title);
// Everything that belongs to it goes; the contents of its artifacts become loose files, up to the ticket
// returned.
std::int64_t remove_conversation(WriteScope& scope, const core::Owner& owner, ConversationId id);

core::Conversation read_conversation(Database& db, const core::Owner& owner, ConversationId id);
std::optional<core::Conversation> find_conversation(Database& db, std::int64_t key);
core::Slice<core::Conversation> list_conversations(Database& db, const core::Owner& owner,
                                                   const core::ListRange<ConversationId>& range);
core::Page<core::Conversation> read_conversations(Database& db, const core::ConversationQuery& query);

}  // namespace assistd::store
