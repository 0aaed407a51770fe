#pragma once
// Finds a key that stands twice in one object of a JSON text: which of the two values counts is a matter of
// the parser, so no door guesses. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>

namespace assistd::api {

// In valid JSON text.
std::size_t keys_in_text(std::string_view text);

// In what a parser has kept of it.
template <class Json>
std::size_t keys_in_value(const Json& value) {
    std::size_t keys = value.is_object() ? value.size() : 0;
    if (value.is_structured())
        for (const Json& child : value) keys += keys_in_value(child);
    return keys;
}

// The first key that stands twice in one object. Slower than parsing, so only asked when there is one.
std::string repeated_key(const std::string& text);

}  // namespace assistd::api
