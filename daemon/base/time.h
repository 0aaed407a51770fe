#pragma once
// Wall-clock times as the store keeps them and the wire shows them. Value types, any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace assistd {

// Microseconds since 1970-01-01 UTC.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

Timestamp now();

// "2026-03-01T12:00:00.123456Z", always UTC with six decimals, so that text order is time order.
std::string to_iso8601(Timestamp time);
std::optional<Timestamp> parse_iso8601(std::string_view text);

// A day of UTC as "2026-03-01". Nothing for a text that names no day, such as "2026-02-30".
std::string to_iso8601(std::chrono::sys_days day);
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

inline std::int64_t to_micros(Timestamp time) {
    return time.time_since_epoch().count();
}
inline Timestamp from_micros(std::int64_t micros) {
    return Timestamp(std::chrono::microseconds(micros));
}

}  // namespace assistd
