#include "cli/days.h"

#include <charconv>
#include <chrono>
#include <optional>

#include "base/time.h"

namespace assistd::cli {
namespace {

using std::chrono::days;

// More would lead out of the years that can be written.
constexpr int most_days = 100'000;

std::optional<days> days_ago(const std::string& text) {
    if (text == "today") return days(0);
    if (text == "yesterday") return days(1);
    if (!text.ends_with('d')) return std::nullopt;
    const char* const end = text.data() + text.size() - 1;
    int count = 0;
    const auto read = std::from_chars(text.data(), end, count);
    if (read.ec != std::errc() || read.ptr != end || count < 0 || count > most_days) return std::nullopt;
    return days(count);
}

}  // namespace

std::string day_named(const std::string& text) {
    const std::optional<days> ago = days_ago(text);
    return ago ? to_iso8601(std::chrono::floor<days>(now()) - *ago) : text;
}

}  // namespace assistd::cli
