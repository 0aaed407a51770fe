#pragma once
// Bytes as base64 (RFC 4648, with padding, on one line) and back. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace assistd {

std::string to_base64(std::string_view bytes);
// Nothing unless the text is exactly what to_base64 makes of some bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace assistd
