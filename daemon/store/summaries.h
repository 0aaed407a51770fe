#pragma once
// Summaries of conversations as rows. Pure functions over a database.

#include <optional>

#include "core/summary.h"
#include "store/database.h"
#include "store/writer.h"

namespace assistd::store {

// In place of the one before it. Nothing when the conversation has gone meanwhile.
void put_summary(WriteScope& scope, const core::Summary& summary);
std::optional<core::Summary> read_summary(Database& db, ConversationId id);

}  // namespace assistd::store
