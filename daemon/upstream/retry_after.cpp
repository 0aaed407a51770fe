#include "upstream/retry_after.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>
#include <utility>

namespace assistd {

using std::chrono::milliseconds;

namespace {

constexpr double day_ms = 86'400'000;

milliseconds bounded(double ms) {
    return milliseconds(static_cast<long>(std::ceil(std::min(ms, day_ms))));
}

// Takes a number that is not negative from the front of `text`.
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<double> whole(std::string_view text) {
    const std::optional<double> value = take_number(text);
    return text.empty() ? value : std::nullopt;
}

std::optional<milliseconds> parse_retry_after(std::string_view value) {
    if (const auto seconds = whole(value)) return bounded(*seconds * 1000);
    const std::time_t date = curl_getdate(std::string(value).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    return bounded(1000.0 * static_cast<double>(std::max<std::time_t>(date - std::time(nullptr), 0)));
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
    constexpr std::pair<std::string_view, double> units[] = {
        {"ms", 1}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}};
    if (text.empty()) return std::nullopt;
    double ms = 0;
    while (!text.empty()) {
        const std::optional<double> count = take_number(text);
        const auto unit = std::find_if(std::begin(units), std::end(units),
                                       [&](const auto& one) { return text.starts_with(one.first); });
        if (!count || unit == std::end(units)) return std::nullopt;
        text.remove_prefix(unit->first.size());
        ms += *count * unit->second;
    }
    return bounded(ms);
}

void RetryAfter::take(std::string_view name, std::string_view value) {
    if (name == "retry-after-ms") {
        if (const auto ms = whole(value)) exact_ = bounded(*ms);
    } else if (name == "retry-after") {
        plain_ = parse_retry_after(value);
    } else if (name == "x-ratelimit-reset-requests") {
        requests_.reset = parse_duration(value);
    } else if (name == "x-ratelimit-reset-tokens") {
        tokens_.reset = parse_duration(value);
    } else if (name == "x-ratelimit-remaining-requests") {
        requests_.used_up = value == "0";
    } else if (name == "x-ratelimit-remaining-tokens") {
        tokens_.used_up = value == "0";
    }
}

std::optional<milliseconds> RetryAfter::wait() const {
    if (exact_) return exact_;
    if (plain_) return plain_;
    std::optional<milliseconds> longest;
    for (const Allowance& one : {requests_, tokens_})
        if (one.used_up && one.reset) longest = std::max(longest.value_or(milliseconds(0)), *one.reset);
    return longest;
}

}  // namespace assistd
