#pragma once
// base64url (RFC 4648, 5) without padding, as JSON web tokens have it. Pure function; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace assistd::auth {

// Nothing unless it is the one text that the bytes are written as: two texts for the same bytes would be two
// tokens with one signature.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace assistd::auth
