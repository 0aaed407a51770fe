#pragma once
// Files that come with a message: their text is found by file_search from that message on, as it is in
// threads.

#include <stop_token>
#include <vector>

#include "api/services.h"

namespace assistd::api::conversations {

// Puts uploaded files that may have text into the conversation's own vector store. Returns when they are
// indexed, or after a while: then they are found as soon as they are. Throws Error{not_found} for a
// conversation that the owner does not have.
Task<void> make_searchable(const Services& services, core::Owner owner, ConversationId conversation,
                           std::vector<core::Artifact> files, std::stop_token gone);

}  // namespace assistd::api::conversations
