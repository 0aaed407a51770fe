#include "auth/secret_text.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/error.h"
#include "base/sha256.h"

namespace assistd::auth {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t random_digits = 43;  // 62^43 > 2^256
constexpr std::size_t checksum_digits = 6;
constexpr std::size_t hint_digits = 5;

std::string random_text() {
    std::string text;
    std::array<unsigned char, 64> bytes{};
    // Bytes above the last multiple of 62 would make the first digits likelier than the others.
    constexpr unsigned fair = 256 / digits.size() * digits.size();
    while (text.size() < random_digits) {
        if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
            throw Error(ErrorCode::unavailable, "The system gives no random bytes.");
        for (const unsigned char byte : bytes)
            if (byte < fair && text.size() < random_digits) text += digits[byte % digits.size()];
    }
    return text;
}

std::string checksum_of(std::string_view text) {
    std::uint64_t number = std::stoull(sha256(text).substr(0, 8), nullptr, 16);
    std::string checksum;
    for (std::size_t i = 0; i < checksum_digits; ++i) {
        checksum += digits[number % digits.size()];
        number /= digits.size();
    }
    return checksum;
}

}  // namespace

std::string make_secret(std::string_view prefix) {
    const std::string text = std::string(prefix) + random_text();
    return text + checksum_of(text);
}

bool is_secret(std::string_view prefix, std::string_view text) {
    if (text.size() != prefix.size() + random_digits + checksum_digits || !text.starts_with(prefix))
        return false;
    const std::string_view rest = text.substr(prefix.size());
    if (rest.find_first_not_of(digits) != std::string_view::npos) return false;
    const std::string_view body = text.substr(0, prefix.size() + random_digits);
    return text.substr(body.size()) == checksum_of(body);
}

std::string hint_of(std::string_view secret) {
    return std::string(secret.substr(0, key_prefix.size() + hint_digits));
}

}  // namespace assistd::auth
