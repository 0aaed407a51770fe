#pragma once
// The numbered steps of the documents' database, as the build embedded them. Constant data.

#include <span>

#include "sqlite/migrations.h"

namespace assistd::knowledge {

using sqlite::Migration;

std::span<const Migration> all_migrations();

}  // namespace assistd::knowledge
