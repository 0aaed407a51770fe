#pragma once
// Finds, checks and opens the store's database, or makes a new one; what is there and cannot be used is left
// exactly as it is. Used once, on the thread that starts the daemon.

#include <filesystem>

#include "sqlite/progress.h"
#include "store/database.h"

namespace assistd::store {

// At the newest schema, ready for the writer. Throws Error{unavailable} when the file is damaged, newer than
// this program, another program's or not writable, or missing while there are artifacts.
Database open_database(const std::filesystem::path& file, bool synchronous_full,
                       const sqlite::Progress& progress = {});

}  // namespace assistd::store
