#include "base/hmac.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>

#include "base/error.h"

namespace assistd {

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), bytes.data(), &size))
        throw Error(ErrorCode::internal, "HMAC with SHA-256 is not available.");
    static constexpr char digits[] = "0123456789abcdef";
    std::string made;
    for (unsigned i = 0; i < size; ++i) {
        made += digits[bytes[i] >> 4];
        made += digits[bytes[i] & 0xF];
    }
    return made;
}

bool is_same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace assistd
