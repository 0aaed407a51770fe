#include "api/moment.h"

namespace assistd::api {

// With the six decimals that parse_iso8601() wants.
std::optional<Timestamp> moment_in(std::string text) {
    constexpr std::size_t seconds_end = 19;  // "2026-03-01T12:00:00"
    if (text.size() <= seconds_end || text.back() != 'Z') return std::nullopt;
    text.pop_back();
    if (text.size() == seconds_end) text += '.';
    if (text[seconds_end] != '.' || text.size() > seconds_end + 7) return std::nullopt;
    text.append(seconds_end + 7 - text.size(), '0');
    text += 'Z';
    const auto time = parse_iso8601(text);
    // A 30th of February would be the 2nd of March.
    return time && to_iso8601(*time) == text ? time : std::nullopt;
}

}  // namespace assistd::api
