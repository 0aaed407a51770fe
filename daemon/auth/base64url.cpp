#include "auth/base64url.h"

#include <algorithm>

#include "base/base64.h"

namespace assistd::auth {
namespace {

bool is_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    std::string usual(text);
    std::replace(usual.begin(), usual.end(), '-', '+');
    std::replace(usual.begin(), usual.end(), '_', '/');
    auto bytes = from_base64(usual);
    if (!bytes) return std::nullopt;
    std::string again = to_base64(*bytes);
    while (again.ends_with('=')) again.pop_back();
    if (again != usual) return std::nullopt;
    return bytes;
}

}  // namespace assistd::auth
