#include "base/json_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace assistd {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr std::array<bool, 256> make_escaped() {
    std::array<bool, 256> escaped{};
    for (std::size_t c = 0; c < 0x20; ++c) escaped[c] = true;
    escaped['"'] = escaped['\\'] = escaped[0x7F] = true;
    return escaped;
}
constexpr auto escaped = make_escaped();

void append_escape(std::string& out, unsigned char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out += digits[c >> 4];
    out += digits[c & 15];
}

// How many bytes the UTF-8 sequence at the start of `text` has; 0 when there is no valid one.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    // Overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned second = byte(1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return length;
}

// The code unit of a \uXXXX escape at the start of `text`.
std::optional<unsigned> escaped_unit(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    unsigned unit = 0;
    for (std::size_t i = 2; i < 6; ++i) {
        const char c = text[i];
        unit <<= 4;
        if (c >= '0' && c <= '9')
            unit |= static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            unit |= static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            unit |= static_cast<unsigned>(c - 'A' + 10);
        else
            return std::nullopt;
    }
    return unit;
}

bool is_high(unsigned unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(unsigned unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

// Copies the escape at `at`, or puts U+FFFD where it is half a surrogate pair; returns how many bytes it
// took.
std::size_t repair_escape(std::string& out, std::string_view rest) {
    const auto unit = escaped_unit(rest);
    std::size_t length = unit ? 6 : std::min<std::size_t>(2, rest.size());
    if (unit && is_high(*unit)) {
        const auto second = escaped_unit(rest.substr(6));
        if (second && is_low(*second)) length = 12;
    }
    const bool half = unit && (is_low(*unit) || (is_high(*unit) && length == 6));
    out += half ? replacement : rest.substr(0, length);
    return length;
}

std::string repair(std::string_view text, bool escapes) {
    std::string out;
    out.reserve(text.size() + 16);
    while (!text.empty()) {
        if (escapes && text[0] == '\\') {
            text.remove_prefix(repair_escape(out, text));
            continue;
        }
        const std::size_t length = sequence_length(text);
        out += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (!escaped[c]) continue;
        out += text.substr(copied, i - copied);
        append_escape(out, c);
        copied = i + 1;
    }
    out += text.substr(copied);
    out += '"';
}

void append_json_member(std::string& out, std::string_view name, std::string_view text) {
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(out, text);
}

std::string json_list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) {
        append_json_string(out, text);
        out += ',';
    }
    close_json(out, ']');
    return out;
}

void close_json(std::string& out, char bracket) {
    if (!out.empty() && out.back() == ',')
        out.back() = bracket;
    else
        out += bracket;
}

std::string repair_utf8(std::string_view text) {
    return repair(text, false);
}

std::string repair_json(std::string_view text) {
    return repair(text, true);
}

}  // namespace assistd
