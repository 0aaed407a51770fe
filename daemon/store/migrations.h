#pragma once
// The numbered steps of the store's schema, as the build embedded them. Constant data.

#include <cstdint>
#include <span>

#include "sqlite/migrations.h"

namespace assistd::store {

using sqlite::Migration;

inline constexpr std::int64_t application_id = 0x61737374;  // "asst"

std::span<const Migration> all_migrations();

}  // namespace assistd::store
