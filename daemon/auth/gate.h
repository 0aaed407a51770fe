#pragma once
// Finds out who sent a request: an API key or a token in "Authorization: Bearer", a key in X-API-Key, or the
// cookie of a login, which has to come with its own token where something is changed. Made in app/, outlives
// the server; any thread.

#include <memory>

#include "auth/account_book.h"
#include "auth/token_verifier.h"
#include "http/authenticator.h"

namespace assistd::auth {

class Gate : public http::Authenticator {
  public:
    // `tokens` may be null: none are taken.
    Gate(AccountBook& accounts, const AuthConfig& config, std::unique_ptr<TokenVerifier> tokens)
        : accounts_(accounts), takes_keys_(config.keys), tokens_(std::move(tokens)) {}

    std::optional<http::Identity> identify(const http::Credentials& credentials) override;
    Task<void> prepare_look_up() override;
    void check_so_far(const http::Credentials& credentials) override;
    Task<http::Identity> look_up(http::Credentials credentials) override;

    // For a reload: what takes the key of tokens that stands in its place now. Throws Error{validation}.
    TokenVerifier::Reread read_again();
    bool takes_tokens() const { return tokens_ != nullptr; }
    std::optional<KeySet::Trouble> key_trouble() const {
        return tokens_ ? tokens_->key_trouble() : std::nullopt;
    }

  private:
    [[noreturn]] void refuse(Shown shown, const http::Credentials& credentials, const Error& error) const;
    std::optional<http::Identity> by_text(const std::string& text);
    http::Identity by_cookie(const std::string& cookie, const http::Credentials& credentials);
    http::Identity by_token(const TokenVerifier::Verified& verified);
    std::string how_to_ask() const;

    AccountBook& accounts_;
    const bool takes_keys_;
    const std::unique_ptr<TokenVerifier> tokens_;
};

}  // namespace assistd::auth
