#pragma once
// Where in the conversations of a page a search found its words. Functions over a reader's connection.

#include <string>

#include "core/conversation.h"
#include "store/listed.h"

namespace assistd::store {

// Sets the hits of those in whose messages the FTS5 query `words` finds something that is shown.
void add_hits(Database& db, Listed<core::Conversation>& found, const std::string& words);

}  // namespace assistd::store
