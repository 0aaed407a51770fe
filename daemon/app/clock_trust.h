#pragma once
// Whether the wall clock may be believed when what is old is removed by it. A clock that lies at boot (an
// empty battery, a virtual machine from a snapshot) makes everything old at once, and what is removed then
// does not come back when the clock is set. A clock that is out of line with where it was last is therefore
// doubted until the daemon has run for a day with it; a real pause that was long only delays what is removed.
// Values; each belongs to the coroutine that removes.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/time.h"

namespace assistd::app {

// What outlives a restart.
struct ClockMemory {
    std::optional<Timestamp> believed;    // where the clock was last; none: nothing is known of it
    std::optional<Timestamp> doubted;     // where it was instead
    std::chrono::seconds doubted_for{0};  // how long the daemon has run with that
    bool operator==(const ClockMemory&) const = default;
};

class ClockTrust {
  public:
    using Steady = std::chrono::steady_clock::time_point;
    enum class Finding { believed, doubted, doubt_begins, doubt_ends };

    // `steady`: the time of the daemon's start, by a clock that nobody sets.
    ClockTrust(ClockMemory memory, Steady steady);

    // Looks at both clocks. What is old by `wall` may be removed when it is believed or the doubt ends.
    Finding look(Timestamp wall, Steady steady);
    const ClockMemory& memory() const { return memory_; }

  private:
    ClockMemory memory_;
    Steady last_look_;
    std::chrono::steady_clock::duration not_counted_{0};  // of the time in doubt: less than a second
};

// Nothing: the file is not there. One that cannot be read gives a memory that doubts every clock.
std::optional<ClockMemory> read_clock_memory(const std::filesystem::path& file);
// Whole or not at all. Returns why it was not possible, or nothing.
std::string write_clock_memory(const std::filesystem::path& file, const ClockMemory& memory);

}  // namespace assistd::app
