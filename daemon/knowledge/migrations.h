#pragma once
// The numbered steps of the documents' database, as the build embedded them. Constant data.

#include <cstdint>
#include <span>

#include "sqlite/migrations.h"

namespace assistd::knowledge {

using sqlite::Migration;

inline constexpr std::int64_t application_id = 0x6173646f;  // "asdo"

std::span<const Migration> all_migrations();

}  // namespace assistd::knowledge
