#pragma once
// Who may use the daemon, as the configuration's section `auth` says it. Values, shared read-only.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace assistd {

enum class AuthMode { none, keys, jwt };
enum class JwtAlgorithm { hs256, rs256, es256 };

std::string_view name_of(JwtAlgorithm algorithm);  // "RS256"

struct JwtConfig {
    std::vector<JwtAlgorithm> algorithms;
    // Where the key is: one of a secret (HS256), a public key as PEM (RS256, ES256) and an address of a set
    // of public keys.
    std::string secret_env;
    std::string secret_file;
    std::string secret_credential;
    std::string public_key_file;
    std::string jwks_url;
    std::chrono::seconds jwks_refresh{3'600};
    // A key that is not in the set is looked for again, but not more often than this.
    std::chrono::seconds jwks_pause{30};

    std::string issuer;
    std::string audience;
    std::chrono::seconds leeway{60};  // for clocks that differ
    // Claims; a dot leads into an object: "realm_access.roles".
    std::string user_claim = "sub";
    std::string role_claim;  // empty: tokens make nobody an administrator
    std::string admin_role = "admin";
    std::vector<std::string> admins;  // users by name

    bool operator==(const JwtConfig&) const = default;
};

struct AuthConfig {
    AuthMode mode = AuthMode::none;
    bool keys = true;  // API keys and the page's logins are taken besides tokens
    std::chrono::seconds session_idle{12 * 3'600};
    std::chrono::seconds session_longest{7 * 24 * 3'600};
    int login_attempts = 10;  // that fail, in login_window, for a name and for an address
    std::chrono::seconds login_window{900};
    JwtConfig jwt;

    bool operator==(const AuthConfig&) const = default;
};

}  // namespace assistd
