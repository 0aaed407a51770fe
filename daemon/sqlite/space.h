#pragma once
// The space that deleted rows leave in a database, which goes back to the disk a little at a time. Functions
// over a connection that writes, for the thread that has it, inside a transaction.

#include "sqlite/database.h"

namespace assistd::sqlite {

// At most so many pages. Returns how many could still be given back; 0 also for a database that gives none
// back, since it was made by an older program.
std::int64_t give_pages_back(Database& db, int pages);

}  // namespace assistd::sqlite
