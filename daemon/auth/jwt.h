#pragma once
// JSON web tokens (RFC 7519, signed as RFC 7515 says): what one is made of, and what its claims say about who
// sent it. Pure functions; any thread. All throw Error{unauthenticated} with a sentence that quotes nothing
// of the token.

#include <string>
#include <string_view>

#include "base/auth_config.h"
#include "base/time.h"
#include "core/conversation.h"

namespace assistd::auth {

struct Jwt {
    JwtAlgorithm algorithm = JwtAlgorithm::rs256;  // one of those that the configuration allows
    std::string key_id;                            // empty: it names no key
    std::string_view signed_text;                  // of the text that was read
    std::string signature;
    std::string payload;  // JSON; not to be believed before the signature was verified
};

// Three parts with a dot between them, which no API key has.
bool looks_like_jwt(std::string_view text);
// `text` must live as long as what is made of it.
Jwt read_jwt(std::string_view text, const JwtConfig& config);

struct TokenUser {
    core::Owner name;
    bool is_admin = false;
    Timestamp expires_at;
    bool is_listed = false;  // the configuration has the name among the administrators
};

// Of a payload whose signature is good.
TokenUser read_claims(const std::string& payload, const JwtConfig& config, Timestamp now);

}  // namespace assistd::auth
