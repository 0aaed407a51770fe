#pragma once
// Users, keys and sessions. All of them are held in memory, by the hash of what people show, so that a
// request costs one look-up; each change is stored before it is acknowledged. Made in app/, outlives the
// server; any thread.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/arrivals.h"
#include "auth/attempts.h"
#include "auth/clock.h"
#include "auth/jwt.h"
#include "auth/password_work.h"
#include "base/auth_config.h"
#include "core/accounts.h"
#include "core/shut_out.h"
#include "http/identity.h"

namespace assistd::auth {

// How a request's credential begins when it is a token.
inline constexpr std::string_view token_credential = "token_";

class AccountBook : public core::Accounts {
  public:
    AccountBook(core::AccountStore& store, const AuthConfig& config, Clock clock = now,
                Arrivals arrivals = Arrivals());

    Task<void> load();  // once, before anything else

    // Who may do what with what was shown. All throw Error{unauthenticated}, or Error{forbidden} for a user
    // who is disabled.
    http::Identity by_key(std::string_view key);
    http::Identity by_session(std::string_view cookie);
    // Of a verified token; a user who was not known yet is from here on, and has the role that it gives. No
    // token is taken for the user "local", nor for an administrator who was made here and is not listed in
    // the configuration: Error{forbidden}.
    http::Identity by_token(const TokenUser& user, std::string credential);
    const Arrivals& arrivals() const { return arrivals_; }

    // Why nothing of the user's may run now, as a sentence: he is disabled, or not there any more. Empty: it
    // may, as everything of the built-in user while no authentication is needed.
    std::string why_shut_out(const core::Owner& name) const;
    // Called when a user was disabled or deleted, once that is stored. Set before anybody asks.
    void when_shut_out(core::EndWork end_work) { end_work_ = std::move(end_work); }

    // Whether there is an administrator who can log in, or has a key that is good for it. What would leave
    // none is refused with Error{conflict}, unless tokens make administrators or nobody is asked who he is.
    bool has_administrator() const;
    bool is_administrator(const core::Owner& name) const;

    std::vector<core::User> users() const override;
    std::optional<core::User> find_user(const core::Owner& name) const override;
    Task<core::User> add_user(core::NewUser user) override;
    Task<core::User> change_user(core::Owner name, core::UserChange change) override;
    Task<void> remove_user(core::Owner name) override;
    std::vector<core::ApiKey> keys(const std::optional<core::Owner>& owner) const override;
    core::ApiKey find_key(core::KeyId id) const override;
    Task<core::MadeKey> make_key(core::KeyOrder order) override;
    // One whose text was made before, see auth/secret_text.h, and is kept somewhere already.
    Task<core::MadeKey> add_key(core::KeyOrder order, std::string text);
    Task<core::ApiKey> revoke_key(core::KeyId id) override;
    std::optional<Timestamp> end_of(const std::string& credential) const override;
    Task<core::LoggedIn> log_in(core::Login login) override;
    Task<void> check_password(core::Owner name, std::string password, std::string address) override;
    Task<void> log_out(std::string cookie) override;
    std::string csrf_token_of(const std::string& cookie) const override;

  private:
    // What a credential and its user are noted to have been used for, once in a while.
    struct Notes {
        bool user = false;
        bool credential = false;
    };

    // These are called with the mutex held.
    core::User& user_named(const core::Owner& name);  // throws Error{not_found}
    core::ApiKey& key_with(core::KeyId id);           // the same
    core::User& enabled_user(const core::Owner& name);
    const core::ApiKey& good_key(const std::string& hash, Timestamp time) const;
    void check_order(const core::KeyOrder& order, Timestamp time) const;
    void drop_sessions(const std::function<bool(const core::LoginSession&)>& which);
    void drop_sessions_beyond_limit(const core::Owner& owner);

    bool is_way_in(const core::User& user) const;
    bool is_way_in(const core::ApiKey& key, Timestamp time) const;
    bool has_way_in() const;
    // After a change in memory, which `undo` takes back when it is refused.
    void keep_a_way_in(bool there_was_one, const std::function<void()>& undo) const;
    core::User& token_user(const TokenUser& shown, Timestamp time);
    bool tokens_say_role_of(const core::User& user) const;
    // These tell nobody of what they refuse.
    Task<void> match_password(core::Owner name, std::string password, std::string address);
    Task<core::LoggedIn> begin_session(core::Login login);
    // Also takes the time down, when the last was a while ago; says what is to be stored.
    static bool is_due(std::optional<Timestamp>& last, Timestamp time);
    // Waits until the change, which is in memory already, is stored; else it is undone.
    Task<void> keep(core::Write write, std::function<void()> undo);
    void forget_user(const core::Owner& name);
    void end_work_if_shut_out(const core::Owner& name) const;

    core::AccountStore& store_;
    const AuthConfig config_;
    const Clock clock_;
    core::EndWork end_work_;  // null: nothing runs
    const Arrivals arrivals_;
    PasswordWork passwords_;
    Attempts attempts_by_address_;
    Attempts attempts_by_name_;

    mutable std::mutex mutex_;  // guards what is below
    std::unordered_map<std::string, core::User> users_;
    std::unordered_map<std::string, core::ApiKey> keys_;  // by hash
    std::map<core::KeyId, std::string> key_hashes_;
    std::unordered_map<std::string, core::LoginSession> sessions_;  // by hash
};

}  // namespace assistd::auth
