#include "auth/gate.h"

#include <openssl/crypto.h>

#include "auth/jwt.h"
#include "auth/secret_text.h"
#include "base/error.h"
#include "http/cookie.h"
#include "http/text.h"

namespace assistd::auth {
namespace {

constexpr std::size_t shown_digits = 16;  // of a token's hash, in logs
constexpr std::size_t longest_token = 16 << 10;

[[noreturn]] void refuse_with(const std::string& sentence) {
    throw Error(ErrorCode::unauthenticated, sentence);
}

// Nothing: it is not there, or of another scheme, which is somebody else's business.
std::optional<std::string> bearer_in(const http::Headers& headers) {
    const auto [first, last] = headers.equal_range("Authorization");
    if (first == last) return std::nullopt;
    if (std::next(first) != last) refuse_with("The request has more than one Authorization header.");
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view value = first->second;
    if (!http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
    const std::string_view text = http::trim(value.substr(scheme.size()));
    if (text.empty()) refuse_with("The Authorization header has no key behind \"Bearer\".");
    return std::string(text);
}

// A key or token. Empty: there is none.
std::string shown_in(const http::Headers& headers) {
    const auto bearer = bearer_in(headers);
    const auto [first, last] = headers.equal_range("X-API-Key");
    if (first == last) return bearer.value_or("");
    const std::string key(http::trim(first->second));
    if (std::next(first) != last || (bearer && *bearer != key))
        refuse_with(
            "The request has two different keys; send one, as \"Authorization: Bearer\" or X-API-Key.");
    if (key.empty()) refuse_with("The X-API-Key header is empty.");
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
    Shown shown = Shown::key;
    try {
        const std::string text = shown_in(credentials.headers);
        if (looks_like_jwt(text)) shown = Shown::token;
        if (!text.empty()) return by_text(text);
        shown = Shown::nothing;
        const auto cookie = http::cookie_in(credentials.headers, core::session_cookie);
        if (!cookie || !takes_keys_) refuse_with(how_to_ask());
        shown = Shown::cookie;
        return by_cookie(*cookie, credentials);
    } catch (const Error& error) {
        refuse(shown, credentials, error);
    }
}

void Gate::refuse(Shown shown, const http::Credentials& credentials, const Error& error) const {
    accounts_.arrivals().refused(shown, "", credentials.peer, error);
    throw error;
}

std::optional<http::Identity> Gate::by_text(const std::string& text) {
    if (text.size() > longest_token) refuse_with("What was sent is no key and no token: it is too long.");
    if (text.starts_with(key_prefix)) {
        if (!takes_keys_) refuse_with("API keys are not taken here. " + how_to_ask());
        return accounts_.by_key(text);
    }
    if (!tokens_) refuse_with("What was sent is no API key: one begins with \"ak_\".");
    if (!looks_like_jwt(text)) refuse_with("What was sent is neither an API key nor a JSON web token.");
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
    return accounts_.by_token(verified.user,
                              std::string(token_credential) + verified.hash.substr(0, shown_digits));
}

Task<void> Gate::prepare_look_up() {
    return tokens_->fetch_keys();
}

void Gate::check_so_far(const http::Credentials& credentials) {
    try {
        by_token(tokens_->verify_so_far(shown_in(credentials.headers)));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::forbidden) refuse(Shown::token, credentials, error);
        // Whatever it was: with the keys as they are it is not to be told.
        refuse(Shown::token, credentials,
               Error(ErrorCode::unauthenticated,
                     "The key that this token is signed with is not known here yet and is being looked for; "
                     "until then no large body is taken. Send the request again in a moment.")
                   .with_retry_after(std::chrono::seconds(1)));
    }
}

Task<http::Identity> Gate::look_up(http::Credentials credentials) {
    std::string token = shown_in(credentials.headers);
    std::optional<Error> refusal;
    try {
        const TokenVerifier::Verified verified = co_await tokens_->verify(std::move(token));
        co_return by_token(verified);
    } catch (const Error& error) {
        refusal = error;
    }
    refuse(Shown::token, credentials, *refusal);
}

TokenVerifier::Reread Gate::read_again() {
    if (!tokens_) return {false, [] {}};
    return tokens_->read_again();
}

}  // namespace assistd::auth
