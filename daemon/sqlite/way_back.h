#pragma once
// What a person can do about a database that a newer program has upgraded: the copies that lie beside it, and
// the command that puts one in its place without losing anything. Only looks; for the thread that opens the
// database.

#include <filesystem>
#include <string>

#include "base/time.h"
#include "sqlite/database.h"

namespace assistd::sqlite {

// "<file>.version-N", as upgrades name the copy of a database that had the schema N.
std::filesystem::path copy_of(const std::filesystem::path& file, int version);

// The end of a sentence that has said what else can be done: a command that puts back the newest copy that a
// program up to the schema `newest` reads, or, where there is none, where another database comes from.
std::string way_back(Database& db, const std::filesystem::path& file, int newest);

}  // namespace assistd::sqlite
