#pragma once
// Finds, checks and opens the database file, or makes a new one; what is there and cannot be used is left
// exactly as it is. Used once, on the thread that starts the daemon.

#include <filesystem>
#include <functional>
#include <span>

#include "sqlite/database.h"
#include "sqlite/migrations.h"
#include "sqlite/progress.h"

namespace assistd::sqlite {

// The state folder exists (made with mode 0700 when absent) and can be written. Throws Error{unavailable}
// with a sentence that says what to do.
void prepare_folder(const std::filesystem::path& folder);

// What tells one of the daemon's databases from the others.
struct DatabaseFormat {
    std::int64_t application_id = 0;  // tells our file from other programs'
    std::span<const Migration> migrations;
    // Called before a new file is made; may throw when there should have been one. May be empty.
    std::function<void()> before_making = {};
    Progress progress = {};  // of an upgrade
};

// The database, at the newest schema, ready for its writer; made when there is none. Throws
// Error{unavailable} when the file is damaged, newer than this program, another program's or not writable.
Database open_database(const std::filesystem::path& file, const DatabaseFormat& format,
                       bool synchronous_full);

}  // namespace assistd::sqlite
