#pragma once
// The random texts that people hold: API keys and what a session's cookie has. 256 bits as letters and
// digits, which a double click selects and every shell takes, behind a prefix that says what it is, and with
// a checksum at the end, so that one that was not copied whole is told apart without looking it up. Pure
// functions but for the random bits; any thread.

#include <string>
#include <string_view>

namespace assistd::auth {

inline constexpr std::string_view key_prefix = "ak_";
inline constexpr std::string_view session_prefix = "as_";

// Throws Error{unavailable} when the system gives no random bytes.
std::string make_secret(std::string_view prefix);
// Whether it may have been made by make_secret().
bool is_secret(std::string_view prefix, std::string_view text);
// How it begins: enough to know it again, and nothing to find the rest with.
std::string hint_of(std::string_view secret);

}  // namespace assistd::auth
