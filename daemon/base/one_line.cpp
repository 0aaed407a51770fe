#include "base/one_line.h"

#include <algorithm>
#include <array>

namespace assistd {
namespace {

// U+061C, U+200E and U+200F, U+202A to U+202E, U+2066 to U+2069
constexpr std::array<std::string_view, 12> direction_marks{
    "\xD8\x9C",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC",
    "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"};

// The bytes of the control character or line break that the text begins with; 0: it begins with another one.
std::size_t odd_character(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;  // U+0080 to U+009F
    // The line and the paragraph separator, U+2028 and U+2029.
    if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9)) return 3;
    return 0;
}

}  // namespace

bool is_one_line(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (odd_character(text.substr(i)) > 0) return false;
    return true;
}

bool turns_direction(std::string_view text) {
    return std::ranges::any_of(
        direction_marks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

std::size_t steering_character(std::string_view text) {
    const auto mark =
        std::ranges::find_if(direction_marks, [&](std::string_view one) { return text.starts_with(one); });
    return mark == direction_marks.end() ? odd_character(text) : mark->size();
}

std::string one_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        std::size_t odd = odd_character(text);
        if (odd == 0) {
            line += text.front();
            text.remove_prefix(1);
            continue;
        }
        for (; odd > 0; odd = text.empty() ? 0 : odd_character(text)) text.remove_prefix(odd);
        line += ' ';
    }
    return line;
}

}  // namespace assistd
