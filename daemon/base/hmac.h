#pragma once
// HMAC with SHA-256, by OpenSSL: what this program has said itself, told from what others say. Pure
// functions; any thread.

#include <string>
#include <string_view>

namespace assistd {

// 64 hexadecimal digits. Throws Error{internal} when OpenSSL does not have it.
std::string hmac_sha256(std::string_view key, std::string_view text);
// Takes as long wherever they differ.
bool is_same_secret(std::string_view a, std::string_view b);

}  // namespace assistd
