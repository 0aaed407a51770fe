#pragma once
// The numbered steps of the store's schema, as the build embedded them. Constant data.

#include <span>

#include "sqlite/migrations.h"

namespace assistd::store {

using sqlite::Migration;

std::span<const Migration> all_migrations();

}  // namespace assistd::store
