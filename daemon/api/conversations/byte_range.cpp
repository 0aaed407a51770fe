#include "api/conversations/byte_range.h"

#include <charconv>
#include <string>

#include "base/error.h"

namespace assistd::api::conversations {
namespace {

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}  // namespace

std::optional<ByteRange> range_of(std::string_view header, std::int64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    header.remove_prefix(unit.size());
    const std::size_t dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view from_text = header.substr(0, dash);
    const std::string_view to_text = header.substr(dash + 1);
    const auto from = digits(from_text);
    const auto to = digits(to_text);
    if ((!from && !from_text.empty()) || (!to && !to_text.empty()) || (!from && !to)) return std::nullopt;
    if (from && to && *to < *from) return std::nullopt;

    const Error outside(ErrorCode::range_not_satisfiable,
                        "The range lies outside of the file, which has " + std::to_string(size) + " bytes.");
    if (!from) {  // the last so many bytes
        if (*to == 0 || size == 0) throw outside;
        const std::int64_t length = std::min(*to, size);
        return ByteRange{size - length, length};
    }
    if (*from >= size) throw outside;
    const std::int64_t last = to ? std::min(*to, size - 1) : size - 1;
    return ByteRange{*from, last - *from + 1};
}

}  // namespace assistd::api::conversations
