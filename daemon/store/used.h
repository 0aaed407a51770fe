#pragma once
// core::CallResources as two columns, cpu_us and peak_memory_bytes; NULL where it is not known.

#include "core/call_resources.h"
#include "store/database.h"

namespace assistd::store {

inline std::optional<std::int64_t> cpu_us(const core::CallResources& used) {
    return used.cpu_time ? std::optional<std::int64_t>(used.cpu_time->count()) : std::nullopt;
}

inline core::CallResources used_at(const Rows& row, int column) {
    core::CallResources used;
    if (const auto cpu = row.optional_integer(column)) used.cpu_time = std::chrono::microseconds(*cpu);
    used.peak_memory_bytes = row.optional_integer(column + 1);
    return used;
}

}  // namespace assistd::store
