#pragma once
// Removing what is older than it is to be kept. Writes are for the writer's thread.

#include <optional>
#include <string_view>

#include "base/time.h"
#include "store/writer.h"

namespace assistd::store {

enum class OldRows {
    conversations,  // of the conversation API, that nobody has used since, with all that belongs to them
    artifacts,      // of no conversation; since they were made
    jobs,           // of no conversation; since they ended
    studies,        // since they ended; what their runs made stays
    usage,
    idempotency_keys,  // of turns and uploads that began before; these stay
};
std::string_view name_of(OldRows what);

// Whoever's, at most so many; how many there were. What still runs is left alone.
int remove_old_rows(WriteScope& scope, OldRows what, Timestamp before, int at_most);

// When something was written of which the store knows the time; nothing when it is empty. A read.
std::optional<Timestamp> newest_record(Database& db);

}  // namespace assistd::store
