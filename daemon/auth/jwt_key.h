#pragma once
// A key that JSON web tokens are verified with. What it is decides which algorithm it is for: a token that
// names another one is never looked at with it, so a public key cannot be taken for a secret. Immutable,
// shared; any thread.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/auth_config.h"

struct evp_pkey_st;

namespace assistd::auth {

class JwtKey {
  public:
    // HS256. Throws Error{validation} for one with less than 256 bits.
    static JwtKey of_secret(std::string secret);
    // RS256 or ES256: a public key or certificate as PEM. Throws Error{validation} with a sentence that
    // begins with `place`.
    static JwtKey of_pem(const std::string& pem, const std::string& place);
    // Nothing for one that is for something else, or of a kind that is not known.
    static std::optional<JwtKey> of_jwk(const nlohmann::json& jwk);

    JwtAlgorithm algorithm() const { return algorithm_; }
    const std::string& id() const { return id_; }  // empty: it has none

    bool verifies(std::string_view text, std::string_view signature) const;
    // Whether both verify the same: what decides whether verified tokens are still good.
    bool operator==(const JwtKey& other) const;

  private:
    JwtKey(JwtAlgorithm algorithm, std::shared_ptr<evp_pkey_st> key, std::string secret)
        : algorithm_(algorithm), key_(std::move(key)), secret_(std::move(secret)) {}
    static std::optional<JwtKey> of_public_key(std::shared_ptr<evp_pkey_st> key);

    JwtAlgorithm algorithm_;
    std::string id_;
    std::shared_ptr<evp_pkey_st> key_;  // null: a secret
    std::string secret_;
};

// The keys of a JSON web key set (RFC 7517), as far as they are for verifying and of a known kind. Throws
// Error{validation} when the text is none, or has none.
std::vector<JwtKey> read_key_set(const std::string& text);

}  // namespace assistd::auth
