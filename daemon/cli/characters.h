#pragma once
// Text as a terminal shows it: characters that take no column, one or two. Pure functions.

#include <cstddef>
#include <string_view>
#include <vector>

namespace assistd::cli {

struct Character {
    std::string_view bytes;  // with the marks that follow it and take no column of their own
    std::size_t columns = 0;
};

// The characters of a text, which must outlive them. Bytes that are no UTF-8 are one character each.
std::vector<Character> characters(std::string_view text);
// How many columns it takes.
std::size_t width(std::string_view text);
// The longest beginning that takes at most so many columns.
std::string_view beginning(std::string_view text, std::size_t columns);

}  // namespace assistd::cli
