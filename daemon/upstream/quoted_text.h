#pragma once
// What a server says, made fit to be quoted in a sentence: bounded, on one line. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>

namespace assistd {

// `text` with white space and control characters as single blanks, and only its beginning when it is longer
// than anybody would read.
std::string on_one_line(std::string_view text);

// The same with at most `limit` bytes and whole characters.
std::string excerpt(std::string_view text, std::size_t limit);

// The same between quotation marks, so that nobody takes it for our own words.
std::string quoted(std::string_view text, std::size_t limit);

// The end of a sentence with its full stop, unless what it ends with has brought one.
std::string with_full_stop(std::string text);

}  // namespace assistd
