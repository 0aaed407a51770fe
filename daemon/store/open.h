#pragma once
// Finds, checks and opens the database file, or makes a new one; what is there and cannot be used is left
// exactly as it is. Used once, on the thread that starts the daemon.

#include <filesystem>

#include "store/database.h"

namespace assistd::store {

// The state folder exists (made with mode 0700 when absent) and can be written. Throws Error{unavailable}
// with a sentence that says what to do.
void prepare_folder(const std::filesystem::path& folder);

// The database, at the newest schema, ready for the writer. Throws Error{unavailable} when the file is
// damaged, newer than this program, another program's or not writable.
Database open_database(const std::filesystem::path& file, bool synchronous_full);

}  // namespace assistd::store
