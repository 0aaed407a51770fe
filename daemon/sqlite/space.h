#pragma once
// The space that deleted rows leave in a database, which goes back to the disk a little at a time. Functions
// over a connection that writes, for the thread that has it, inside a transaction.

#include <filesystem>
#include <stop_token>

#include "sqlite/database.h"

namespace assistd::sqlite {

// At most so many pages. Returns how many could still be given back; 0 also for a database that gives none
// back, since it was made by an older program.
std::int64_t give_pages_back(Database& db, int pages);
// The same, but none stays to be used again: what deleted rows have been is still on them.
std::int64_t give_every_page_back(Database& db, int pages);

// What deleted rows have been is in the write-ahead log until it begins anew. This makes it empty, on a
// connection of its own, while others use the database; for a thread that may wait a tenth of a second
// between two tries. False when they have not let it, or `stop` was requested. Throws Error{unavailable}.
bool empty_log(const std::filesystem::path& file, const std::stop_token& stop, int tries = 100);

}  // namespace assistd::sqlite
