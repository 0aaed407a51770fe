#include "auth/gate.h"

#include <openssl/crypto.h>

#include "auth/jwt.h"
#include "auth/secret_text.h"
#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "http/cookie.h"
#include "http/text.h"

namespace assistd::auth {
namespace {

constexpr std::size_t shown_digits = 16;  // of a token's hash, in logs
constexpr std::size_t longest_token = 16 << 10;

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::unauthenticated, sentence);
}

// Nothing: it is not there, or of another scheme, which is somebody else's business.
std::optional<std::string> bearer_in(const http::Headers& headers) {
    const auto [first, last] = headers.equal_range("Authorization");
    if (first == last) return std::nullopt;
    if (std::next(first) != last) refuse("The request has more than one Authorization header.");
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view value = first->second;
    if (!http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
    const std::string_view text = http::trim(value.substr(scheme.size()));
    if (text.empty()) refuse("The Authorization header has no key behind \"Bearer\".");
    return std::string(text);
}

// A key or token. Empty: there is none.
std::string shown_in(const http::Headers& headers) {
    const auto bearer = bearer_in(headers);
    const auto [first, last] = headers.equal_range("X-API-Key");
    if (first == last) return bearer.value_or("");
    const std::string key(http::trim(first->second));
    if (std::next(first) != last || (bearer && *bearer != key))
        refuse("The request has two different keys; send one, as \"Authorization: Bearer\" or X-API-Key.");
    if (key.empty()) refuse("The X-API-Key header is empty.");
    return key;
}

bool changes_something(http::Method method) {
    return method != http::Method::get && method != http::Method::head;
}

bool is_same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string Gate::how_to_ask() const {
    if (!takes_keys_) return "This needs a token: send it as \"Authorization: Bearer TOKEN\".";
    return "This needs an API key: send it as \"Authorization: Bearer ak_…\", or log in on the page.";
}

std::optional<http::Identity> Gate::identify(const http::Credentials& credentials) {
    try {
        const std::string shown = shown_in(credentials.headers);
        if (!shown.empty()) return by_text(shown);
        const auto cookie = http::cookie_in(credentials.headers, core::session_cookie);
        if (cookie && takes_keys_) return by_cookie(*cookie, credentials);
        refuse(how_to_ask());
    } catch (const Error& error) {
        log::info("refused peer={} what={}", credentials.peer, log::quoted(error.what()));
        throw;
    }
}

std::optional<http::Identity> Gate::by_text(const std::string& text) {
    if (text.size() > longest_token) refuse("What was sent is no key and no token: it is too long.");
    if (text.starts_with(key_prefix)) {
        if (!takes_keys_) refuse("API keys are not taken here. " + how_to_ask());
        return accounts_.by_key(text);
    }
    if (!tokens_) refuse("What was sent is no API key: one begins with \"ak_\".");
    if (!looks_like_jwt(text)) refuse("What was sent is neither an API key nor a JSON web token.");
    const auto verified = tokens_->verify_now(text);
    if (!verified) return std::nullopt;
    return by_token(*verified);
}

http::Identity Gate::by_cookie(const std::string& cookie, const http::Credentials& credentials) {
    http::Identity identity = accounts_.by_session(cookie);
    if (!changes_something(credentials.method)) return identity;
    const auto sent = credentials.headers.find(core::csrf_header);
    if (sent == credentials.headers.end() || !is_same(sent->second, accounts_.csrf_token_of(cookie)))
        throw Error(
            ErrorCode::forbidden,
            "The request came with a login's cookie, but without its token in the header X-CSRF-Token. "
            "Reload the page.");
    return identity;
}

http::Identity Gate::by_token(const TokenVerifier::Verified& verified) {
    return accounts_.by_token(verified.user, "token_" + verified.hash.substr(0, shown_digits));
}

Task<http::Identity> Gate::look_up(http::Credentials credentials) {
    std::string token = shown_in(credentials.headers);
    const TokenVerifier::Verified verified = co_await tokens_->verify(std::move(token));
    co_return by_token(verified);
}

}  // namespace assistd::auth
