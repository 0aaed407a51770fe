#pragma once
// What the system tells of a running process, also of one that keeps its memory to itself. Nothing where it
// cannot be told. Pure but for reading /proc.

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace assistd::check {

std::optional<double> peak_memory_mb(pid_t process);
// Memory of its own that is in use now: no files, no libraries.
std::optional<std::int64_t> own_memory_kb(pid_t process);
std::optional<std::int64_t> open_descriptors(pid_t process);

}  // namespace assistd::check
