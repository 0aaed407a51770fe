#pragma once
// UTF-8 text counted in characters and cut where these end. Pure functions.

#include <cstddef>
#include <string_view>

namespace assistd {

// The longest beginning of `text` of at most `bytes` bytes that ends between two characters.
inline std::string_view whole_characters(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

// How many characters (code points) a valid text has.
inline std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

}  // namespace assistd
