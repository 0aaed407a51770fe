#pragma once
// What a call of a tool used of the machine. Value type.

#include <chrono>
#include <cstdint>
#include <optional>

namespace assistd::core {

// Nothing where it is not known: of the daemon's own tools, and of a call that ended before its process did.
struct CallResources {
    std::optional<std::chrono::microseconds> cpu_time;  // of all its threads
    std::optional<std::int64_t> peak_memory_bytes;      // the most that its process had in memory meanwhile
};

}  // namespace assistd::core
