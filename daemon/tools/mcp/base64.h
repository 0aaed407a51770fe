#pragma once
// Base64 of RFC 4648 with its padding. Pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace assistd::tools::mcp {

std::string to_base64(std::string_view bytes);
// Nothing when the text is not base64. Line breaks and missing padding are let pass.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace assistd::tools::mcp
