#include "auth/jwt_key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <nlohmann/json.hpp>

#include "auth/base64url.h"
#include "base/error.h"

namespace assistd::auth {
namespace {

constexpr std::size_t least_secret_bytes = 32;  // RFC 7518, 3.2
constexpr int least_rsa_bits = 2048;            // 3.3
constexpr std::size_t coordinate_bytes = 32;    // of P-256
constexpr std::size_t most_keys = 100;

template <auto free_it>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        free_it(object);
    }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using PublicKey = std::shared_ptr<EVP_PKEY>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

PublicKey owned(EVP_PKEY* key) {
    return key ? PublicKey(key, EVP_PKEY_free) : nullptr;
}

Number number_of(std::string_view bytes) {
    return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Null when it is none, such as a point that is not on the curve.
PublicKey key_of(const char* kind, OSSL_PARAM_BLD* builder) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    PublicKey made = owned(key);
    const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return check && EVP_PKEY_public_check(check.get()) == 1 ? made : nullptr;
}

std::optional<std::string> bytes_in(const nlohmann::json& jwk, const char* member) {
    const auto found = jwk.find(member);
    if (found == jwk.end() || !found->is_string()) return std::nullopt;
    return from_base64url(found->get_ref<const std::string&>());
}

std::string text_in(const nlohmann::json& jwk, const char* member) {
    const auto found = jwk.find(member);
    return found != jwk.end() && found->is_string() ? found->get<std::string>() : "";
}

PublicKey rsa_key(const nlohmann::json& jwk) {
    const auto modulus = bytes_in(jwk, "n");
    const auto exponent = bytes_in(jwk, "e");
    if (!modulus || !exponent) return nullptr;
    const Number n = number_of(*modulus);
    const Number e = number_of(*exponent);
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return key_of("RSA", builder.get());
}

PublicKey p256_key(const nlohmann::json& jwk) {
    const auto x = bytes_in(jwk, "x");
    const auto y = bytes_in(jwk, "y");
    if (text_in(jwk, "crv") != "P-256" || !x || !y || x->size() != coordinate_bytes ||
        y->size() != coordinate_bytes)
        return nullptr;
    const std::string point = '\x04' + *x + *y;  // uncompressed
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
        return nullptr;
    return key_of("EC", builder.get());
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 64> group{};
    std::size_t length = 0;
    return EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

// A token has r and s side by side, OpenSSL wants them as DER.
std::string der_of(std::string_view signature) {
    if (signature.size() != 2 * coordinate_bytes) return {};
    Number r = number_of(signature.substr(0, coordinate_bytes));
    Number s = number_of(signature.substr(coordinate_bytes));
    const Signature pair(ECDSA_SIG_new());
    if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
    r.release();  // they are the pair's now
    s.release();
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(pair.get(), &der);
    if (length <= 0) return {};
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return text;
}

bool has_secret(const std::string& secret, std::string_view text, std::string_view signature) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned length = 0;
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(),
              made.data(), &length))
        return false;
    return signature.size() == length && CRYPTO_memcmp(made.data(), signature.data(), length) == 0;
}

}  // namespace

std::optional<JwtKey> JwtKey::of_public_key(std::shared_ptr<evp_pkey_st> key) {
    if (!key) return std::nullopt;
    if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= least_rsa_bits)
        return JwtKey(JwtAlgorithm::rs256, std::move(key), {});
    if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC && is_p256(key.get()))
        return JwtKey(JwtAlgorithm::es256, std::move(key), {});
    return std::nullopt;
}

JwtKey JwtKey::of_secret(std::string secret) {
    if (secret.size() < least_secret_bytes)
        throw Error(ErrorCode::validation,
                    "The secret of auth.jwt is too short: HS256 needs 32 bytes at least, such as what "
                    "\"openssl rand -hex 32\" prints.");
    return JwtKey(JwtAlgorithm::hs256, nullptr, std::move(secret));
}

JwtKey JwtKey::of_pem(const std::string& pem, const std::string& place) {
    const auto source = [&] { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); };
    PublicKey key = owned(PEM_read_bio_PUBKEY(source().get(), nullptr, nullptr, nullptr));
    if (!key) {
        const Certificate certificate(PEM_read_bio_X509(source().get(), nullptr, nullptr, nullptr));
        if (certificate) key = owned(X509_get_pubkey(certificate.get()));
    }
    if (!key)
        throw Error(ErrorCode::validation, place +
                                               " has no public key and no certificate in the PEM format "
                                               "(\"-----BEGIN PUBLIC KEY-----\").");
    auto made = of_public_key(std::move(key));
    if (!made)
        throw Error(ErrorCode::validation,
                    place + " must have an RSA key of 2048 bits or more, or one of the curve P-256.");
    return std::move(*made);
}

std::optional<JwtKey> JwtKey::of_jwk(const nlohmann::json& jwk) {
    if (!jwk.is_object()) return std::nullopt;
    const std::string use = text_in(jwk, "use");
    if (!use.empty() && use != "sig") return std::nullopt;
    const std::string kind = text_in(jwk, "kty");
    auto key = of_public_key(kind == "RSA" ? rsa_key(jwk) : kind == "EC" ? p256_key(jwk) : nullptr);
    const std::string algorithm = text_in(jwk, "alg");
    if (!key || (!algorithm.empty() && algorithm != name_of(key->algorithm()))) return std::nullopt;
    key->id_ = text_in(jwk, "kid");
    return key;
}

bool JwtKey::verifies(std::string_view text, std::string_view signature) const {
    if (!key_) return has_secret(secret_, text, signature);
    const std::string der = algorithm_ == JwtAlgorithm::es256 ? der_of(signature) : std::string(signature);
    const DigestContext context(EVP_MD_CTX_new());
    return !der.empty() && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(text), text.size()) == 1;
}

bool JwtKey::operator==(const JwtKey& other) const {
    if (algorithm_ != other.algorithm_ || id_ != other.id_ || secret_ != other.secret_) return false;
    return !key_ || EVP_PKEY_eq(key_.get(), other.key_.get()) == 1;
}

std::vector<JwtKey> read_key_set(const std::string& text) {
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("keys") || !json["keys"].is_array())
        throw Error(ErrorCode::validation, "It is no set of keys: a JSON object with a list \"keys\".");
    std::vector<JwtKey> keys;
    for (const nlohmann::json& jwk : json["keys"])
        if (auto key = JwtKey::of_jwk(jwk); key && keys.size() < most_keys) keys.push_back(std::move(*key));
    if (keys.empty())
        throw Error(ErrorCode::validation,
                    "It has no key for RS256 (RSA, 2048 bits or more) or ES256 (P-256).");
    return keys;
}

}  // namespace assistd::auth
