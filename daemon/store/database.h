#pragma once
// The store's names for connections to SQLite databases (sqlite/database.h).

#include "sqlite/database.h"

namespace assistd::store {

using sqlite::Database;
using sqlite::Rows;

}  // namespace assistd::store
