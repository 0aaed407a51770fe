#pragma once
// JSON written straight into a growing text, for request bodies that are mostly copied strings. Pure
// functions.

#include <string>
#include <string_view>
#include <vector>

namespace assistd {

// Appends `text`, which must be UTF-8, as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

// `,"name":"text"`.
void append_json_member(std::string& out, std::string_view name, std::string_view text);

// `["a","b"]`.
std::string json_list(const std::vector<std::string>& texts);

// Ends a list or object whose items each ended with a comma.
void close_json(std::string& out, char bracket);

// The text with every byte that belongs to no UTF-8 character replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

// The same, and every \u escape of half a surrogate pair replaced too: what a sloppy server's JSON needs
// before a parser takes it.
std::string repair_json(std::string_view text);

}  // namespace assistd
