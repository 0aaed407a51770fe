#pragma once
// What doors ask of users, keys and logins. Implemented in auth/, owned by app/; any thread.

#include "core/account.h"

namespace assistd::core {

inline constexpr const char* session_cookie = "assistd_session";
inline constexpr const char* csrf_header = "X-CSRF-Token";
// Who everybody is while no authentication is needed, and the first administrator once it is.
inline constexpr const char* local_user = "local";

// Length is what makes a password hard to guess; NIST SP 800-63B asks for nothing else.
inline constexpr std::size_t shortest_password = 10;    // characters
inline constexpr std::size_t longest_password = 1'000;  // bytes

struct NewUser {
    Owner name;
    UserRole role = UserRole::user;
    std::string password;  // empty: none
};

struct UserChange {
    std::optional<UserRole> role = {};
    std::optional<bool> disabled = {};
    std::optional<std::string> password = {};  // empty: none any more
};

struct KeyOrder {
    Owner owner;
    std::string name;
    std::vector<std::string> scopes;  // empty: all that the owner's role has, but "admin"
    std::optional<Timestamp> expires_at;
};

struct MadeKey {
    ApiKey key;
    std::string text;  // shown this once
};

// Either a name with a password or a key.
struct Login {
    std::string name;
    std::string password;
    std::string key;
    std::string address;  // the client's
};

struct LoggedIn {
    std::string cookie;
    std::string csrf_token;  // that whoever changes something with the cookie has to send beside it
    LoginSession session;
};

class Accounts {
  public:
    virtual ~Accounts() = default;

    virtual std::vector<User> users() const = 0;                         // by name
    virtual std::optional<User> find_user(const Owner& name) const = 0;  // nothing: not known (yet)
    // Throws Error{conflict} when there is one of that name, Error{validation} for what cannot be.
    virtual Task<User> add_user(NewUser user) = 0;
    // Its sessions end when the password changes, and everything of it when it is disabled. Throws
    // Error{not_found}, as the next one does.
    // Also throws Error{conflict} for another role of a user whose tokens say what it is.
    virtual Task<User> change_user(Owner name, UserChange change) = 0;
    virtual Task<void> remove_user(Owner name) = 0;

    // Newest first; of everybody without an owner.
    virtual std::vector<ApiKey> keys(const std::optional<Owner>& owner) const = 0;
    virtual ApiKey find_key(KeyId id) const = 0;  // throws Error{not_found}
    virtual Task<MadeKey> make_key(KeyOrder order) = 0;
    virtual Task<ApiKey> revoke_key(KeyId id) = 0;  // for good; again is no error
    // When what is made with a request's credential (http/identity.h) ends at the latest: with its key, or a
    // while after a token; nothing: never.
    virtual std::optional<Timestamp> end_of(const std::string& credential) const = 0;

    // Throws Error{unauthenticated}, or Error{rate_limited} after too many that failed.
    virtual Task<LoggedIn> log_in(Login login) = 0;
    // Of a user who is logged in already. Throws as log_in() does.
    virtual Task<void> check_password(Owner name, std::string password, std::string address) = 0;
    virtual Task<void> log_out(std::string cookie) = 0;  // no error when there is no such session
    virtual std::string csrf_token_of(const std::string& cookie) const = 0;
};

}  // namespace assistd::core
