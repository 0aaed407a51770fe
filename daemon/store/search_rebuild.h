#pragma once
// Makes the full-text indexes of messages, titles and projects anew of what they index, for one that is
// damaged: nothing is in them that is not elsewhere. For a connection that nobody else writes beside.

#include <functional>

#include "store/database.h"

namespace assistd::store {

// In one transaction, which holds the write lock as long as it takes: seconds for a hundred thousand
// messages. `between` is called after each piece of work, and may throw to give up; then all is as it was.
void rebuild_search(Database& db, const std::function<void()>& between);

}  // namespace assistd::store
