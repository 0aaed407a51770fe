#pragma once
// The head of one part of a form. Pure functions; any thread.

#include <string_view>

#include "http/multipart.h"

namespace assistd::http {

// `text` is its lines, without the empty one. Throws Error{invalid_request} for a head without a name, and
// for what RFC 7578 does not allow in a form: multipart content, and encodings such as base64.
PartHead parse_part_head(std::string_view text);

}  // namespace assistd::http
