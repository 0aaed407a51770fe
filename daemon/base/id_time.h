#pragma once
// When an id was made, as far as the id tells. Pure function.

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "base/time.h"

namespace assistd {

// In microseconds, to the millisecond: when an id of version 7 was made. Nothing for one that no daemon can
// have made by now.
inline std::optional<std::int64_t> made_at(const Uuid& id) {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | id.bytes()[i];
    constexpr std::int64_t year_2020 = 1'577'836'800'000;
    const bool plausible = milliseconds > year_2020 && milliseconds * 1'000 <= to_micros(now());
    return plausible ? std::optional<std::int64_t>(milliseconds * 1'000) : std::nullopt;
}

}  // namespace assistd
