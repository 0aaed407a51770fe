#pragma once
// What assistants and threads have to do with vector stores: those that they name must be there, those that
// they describe are made, and files that come with messages for file_search go into the thread's own.

#include <optional>
#include <string>
#include <vector>

#include "api/assistants/additions.h"
#include "api/openai/fields.h"
#include "api/services.h"
#include "core/message.h"

namespace assistd::api::assistants {

// Takes what read_tool_resources() gave: makes the vector store that is described there, if one is, and
// returns the resources with ids of stores only. Throws Error{validation} for a store or file that the owner
// does not have.
Task<std::string> settle_resources(const Services& services, Additions& added, std::string resources);

// Stores the assistant with its resources settled.
Task<void> add_assistant(const Services& services, Additions& added, core::Assistant& assistant);

// Indexes the files that come with messages of a thread that is there, for file_search. A thread without a
// vector store gets one, which is removed when it has not been used for a week. Returns the store; nothing
// when no file came for file_search.
Task<std::optional<VectorStoreId>> index_attachments(const Services& services, Additions& added,
                                                     ConversationId thread,
                                                     std::vector<std::string> attachments);
// Of a conversation that is gone: what index_attachments() made for it goes, too.
Task<void> drop_own_store(const Services& services, core::Conversation conversation);
std::vector<std::string> attachments_of(const std::vector<core::Message>& messages);

}  // namespace assistd::api::assistants
