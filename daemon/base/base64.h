#pragma once
// Bytes as base64 (RFC 4648, with padding, on one line) and back. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace assistd {

std::string to_base64(std::string_view bytes);
// Nothing when the text is not base64. Line breaks and missing padding, which some programs write, are let
// pass.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace assistd
