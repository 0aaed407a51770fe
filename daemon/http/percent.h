#pragma once
// Percent-encoding of URLs. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>

namespace assistd::http {

// Nothing when an escape is malformed or the result is no UTF-8 or holds a NUL. In queries '+' means a space.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// Encodes everything but letters, digits and "-._~", so that each text has exactly one written form.
std::string percent_encode(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace assistd::http
