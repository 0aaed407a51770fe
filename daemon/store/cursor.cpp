#include "store/cursor.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"

namespace assistd::store {
namespace {

constexpr std::size_t digits = 16;
constexpr std::size_t cursor_size = 3 * digits;

// FNV-1a with a last mix, over the list's name and both numbers.
std::uint64_t check_of(std::string_view list, Place place) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3; };
    for (const char c : list) add(static_cast<std::uint8_t>(c));
    for (const std::int64_t number : {place.order, place.key})
        for (int shift = 0; shift < 64; shift += 8) add(static_cast<std::uint8_t>(number >> shift));
    return hash ^ hash >> 29;
}

std::uint64_t read_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (failure != std::errc() || end != text.data() + text.size()) return 0;
    return number;
}

}  // namespace

std::string make_cursor(std::string_view list, Place place) {
    return fmt::format("{:016x}{:016x}{:016x}", static_cast<std::uint64_t>(place.order),
                       static_cast<std::uint64_t>(place.key), check_of(list, place));
}

Place read_cursor(std::string_view list, std::string_view cursor) {
    if (cursor.size() == cursor_size) {
        const Place place{static_cast<std::int64_t>(read_number(cursor.substr(0, digits))),
                          static_cast<std::int64_t>(read_number(cursor.substr(digits, digits)))};
        if (make_cursor(list, place) == cursor) return place;
    }
    const std::string sentence =
        "The cursor is not one that this list gave; take it from the previous page, asked for with the same "
        "filters.";
    throw Error(ErrorCode::validation, sentence, {{"cursor", sentence}});
}

void check_limit(int limit) {
    if (limit >= 1) return;
    const std::string sentence = fmt::format("The limit must be at least 1, but it is {}.", limit);
    throw Error(ErrorCode::validation, sentence, {{"limit", sentence}});
}

}  // namespace assistd::store
