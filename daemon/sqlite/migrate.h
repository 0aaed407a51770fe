#pragma once
// Brings a database to the newest schema. Used once, while the database is opened, on the opening thread.

#include <filesystem>
#include <span>

#include "sqlite/database.h"
#include "sqlite/migrations.h"
#include "sqlite/progress.h"

namespace assistd::sqlite {

int schema_version(Database& db);  // 0: an empty database

// Applies what is missing, each step in a transaction of its own. A database that has a schema already is
// copied to "<file>.version-N" first. Throws Error{unavailable} for a schema that is newer than the last
// step, which is left as it is.
void migrate(Database& db, const std::filesystem::path& file, std::span<const Migration> migrations,
             const Progress& progress = {});

}  // namespace assistd::sqlite
