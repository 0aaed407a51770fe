#include "unit/auth/issuer.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/base64.h"

namespace assistd::auth {
namespace {

std::string number_in(EVP_PKEY* key, const char* name, int least_bytes) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    std::string bytes(static_cast<std::size_t>(std::max(BN_num_bytes(number), least_bytes)), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(number);
    return bytes;
}

std::string head_and_claims(const nlohmann::json& head, const nlohmann::json& claims) {
    return to_base64url(head.dump()) + "." + to_base64url(claims.dump());
}

// r and s side by side, as tokens have them.
std::string raw_of(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
}

}  // namespace

Issuer::Issuer(EVP_PKEY* key, std::string algorithm)
    : key_(key, EVP_PKEY_free), algorithm_(std::move(algorithm)) {}

Issuer Issuer::of_rsa(int bits) {
    return Issuer(EVP_RSA_gen(static_cast<unsigned>(bits)), "RS256");
}

Issuer Issuer::of_ec(const char* curve) {
    return Issuer(EVP_EC_gen(curve), "ES256");
}

std::string Issuer::pem() const {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(memory, key_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return pem;
}

nlohmann::json Issuer::jwk(const std::string& id) const {
    nlohmann::json jwk = {{"kid", id}, {"use", "sig"}, {"alg", algorithm_}};
    if (algorithm_ == "RS256") {
        jwk["kty"] = "RSA";
        jwk["n"] = to_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0));
        jwk["e"] = to_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0));
    } else {
        jwk["kty"] = "EC";
        jwk["crv"] = "P-256";
        jwk["x"] = to_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32));
        jwk["y"] = to_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    return jwk;
}

std::string Issuer::sign(const nlohmann::json& head, const nlohmann::json& claims) const {
    const std::string text = head_and_claims(head, claims);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    signature.resize(size);
    EVP_MD_CTX_free(context);
    if (algorithm_ == "ES256") signature = raw_of(signature);
    return text + "." + to_base64url(signature);
}

std::string Issuer::sign(const nlohmann::json& claims, const std::string& key_id) const {
    nlohmann::json head = {{"alg", algorithm_}, {"typ", "JWT"}};
    if (!key_id.empty()) head["kid"] = key_id;
    return sign(head, claims);
}

std::string sign_with_secret(const nlohmann::json& head, const nlohmann::json& claims,
                             const std::string& secret) {
    const std::string text = head_and_claims(head, claims);
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), made, &size);
    return text + "." + to_base64url(std::string(reinterpret_cast<char*>(made), size));
}

std::string to_base64url(const std::string& bytes) {
    std::string text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

Timestamp at_second(std::int64_t second) {
    return from_micros(second * 1'000'000);
}

nlohmann::json good_claims() {
    return {{"iss", "https://login.example.org/"}, {"aud", "assistd"}, {"sub", "alice"}, {"exp", noon + 300}};
}

JwtConfig trusting(std::vector<JwtAlgorithm> algorithms) {
    JwtConfig config;
    config.algorithms = std::move(algorithms);
    config.issuer = "https://login.example.org/";
    config.audience = "assistd";
    config.leeway = std::chrono::seconds(60);
    return config;
}

}  // namespace assistd::auth
