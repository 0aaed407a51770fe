#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "base/error.h"

namespace assistd {
namespace {

[[noreturn]] void give_up() {
    throw Error(ErrorCode::internal, "SHA-256 is not available.");
}

}  // namespace

struct Sha256::Context {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    if (!context_->digest || EVP_DigestInit_ex(context_->digest.get(), EVP_sha256(), nullptr) != 1) give_up();
}

Sha256::~Sha256() = default;

void Sha256::add(const char* data, std::size_t size) {
    if (EVP_DigestUpdate(context_->digest.get(), data, size) != 1) give_up();
}

std::string Sha256::hex() {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context_->digest.get(), bytes.data(), &size) != 1) give_up();
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 0xF];
    }
    return text;
}

std::string sha256(std::string_view text) {
    Sha256 hash;
    hash.add(text.data(), text.size());
    return hash.hex();
}

}  // namespace assistd
