#pragma once
// Somebody who signs tokens, well or badly.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/auth_config.h"
#include "base/time.h"

struct evp_pkey_st;

namespace assistd::auth {

class Issuer {
  public:
    static Issuer of_rsa(int bits = 2048);
    static Issuer of_ec(const char* curve = "P-256");

    std::string pem() const;                          // of the public key
    nlohmann::json jwk(const std::string& id) const;  // so too
    std::string sign(const nlohmann::json& head, const nlohmann::json& claims) const;
    // With a head that has "alg" and, unless it is empty, "kid".
    std::string sign(const nlohmann::json& claims, const std::string& key_id = "") const;

  private:
    explicit Issuer(evp_pkey_st* key, std::string algorithm);

    std::shared_ptr<evp_pkey_st> key_;
    std::string algorithm_;
};

std::string sign_with_secret(const nlohmann::json& head, const nlohmann::json& claims,
                             const std::string& secret);
std::string to_base64url(const std::string& bytes);

// A moment, and claims that are good at it.
inline constexpr std::int64_t noon = 1'800'000'000;
Timestamp at_second(std::int64_t second);
nlohmann::json good_claims();
// Of tokens with those claims, without a key.
JwtConfig trusting(std::vector<JwtAlgorithm> algorithms);

}  // namespace assistd::auth
