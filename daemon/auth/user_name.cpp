#include "auth/user_name.h"

#include <algorithm>

#include "base/blank.h"
#include "base/one_line.h"

namespace assistd::auth {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_token_name = 200;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_user_name(std::string_view name) {
    constexpr std::string_view others = "._@+-";
    return !name.empty() && name.size() <= longest_name && is_letter_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
           });
}

bool is_token_user_name(std::string_view name) {
    // The policy's "*" is everybody.
    return !name.empty() && name.size() <= longest_token_name && name != "*" && is_one_line(name) &&
           !turns_direction(name) && !is_blank(name);
}

}  // namespace assistd::auth
