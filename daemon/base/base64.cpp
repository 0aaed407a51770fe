#include "base/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace assistd {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and a byte for the end that OpenSSL writes
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string digits;
    digits.reserve(text.size() + 4);
    for (const char c : text)
        if (c != '\r' && c != '\n') digits += c;
    std::size_t padding = 0;
    for (; padding < 2 && digits.ends_with('='); ++padding) digits.pop_back();
    if (padding > 0 && (digits.size() + padding) % 4 != 0) return std::nullopt;
    if (digits.size() % 4 == 1 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    const std::size_t missing = (4 - digits.size() % 4) % 4;
    digits.append(missing, '=');
    std::string bytes(digits.size() / 4 * 3, '\0');
    const int written = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(digits),
                                        static_cast<int>(digits.size()));
    if (written < 0) return std::nullopt;
    bytes.resize(bytes.size() - missing);
    return bytes;
}

}  // namespace assistd
