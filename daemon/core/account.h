#pragma once
// Who may use the daemon: users, their API keys, and the sessions of people who logged in on the chat page.
// Values, and how they are kept; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"
#include "core/ports.h"

namespace assistd::core {

struct KeyKind {
    static constexpr std::string_view prefix = "key_";
};
using KeyId = Id<KeyKind>;

enum class UserRole { user, admin };
// Made by an administrator, or known since a token (JWT) of that name was first verified.
enum class UserOrigin { made, token };

struct User {
    Owner name;  // never changes: what the user owns is found by it
    UserRole role = UserRole::user;
    UserOrigin origin = UserOrigin::made;
    bool disabled = false;
    std::string password;  // as auth/password.h writes it, never the password itself; empty: none
    Timestamp created_at;
    std::optional<Timestamp> last_seen_at;
};

struct ApiKey {
    KeyId id;
    Owner owner;
    std::string name;
    std::string hash;  // SHA-256 of its text, which is kept nowhere
    std::string hint;  // how its text begins, so that people know it again
    std::vector<std::string> scopes;
    Timestamp created_at;
    std::optional<Timestamp> expires_at;
    std::optional<Timestamp> revoked_at;
    std::optional<Timestamp> last_used_at;
};

struct LoginSession {
    std::string hash;  // SHA-256 of what the cookie holds
    Owner owner;
    KeyId key;  // that was logged in with: the session can do what it can; nil: a password
    Timestamp created_at;
    Timestamp expires_at;    // whatever is done with it
    Timestamp last_used_at;  // to a minute
};

struct StoredAccounts {
    std::vector<User> users;
    std::vector<ApiKey> keys;
    std::vector<LoginSession> sessions;
};

class AccountStore {
  public:
    virtual ~AccountStore() = default;
    virtual Task<StoredAccounts> all() = 0;
    virtual Write put_user(const User& user) = 0;  // in place of the one before, as the other puts
    // With the user's keys and sessions; what the user owns stays.
    virtual Write remove_user(const Owner& name) = 0;
    virtual Write put_key(const ApiKey& key) = 0;
    virtual Write put_session(const LoginSession& session) = 0;
    virtual Write remove_session(const std::string& hash) = 0;
    virtual Write remove_sessions_before(Timestamp expiry, Timestamp last_use) = 0;
    // For what nobody waits for: stored together with the next write, or a moment later by itself.
    virtual void note_user_seen(const Owner& name, Timestamp at) = 0;
    virtual void note_key_use(KeyId id, Timestamp at) = 0;
    virtual void note_session_use(const std::string& hash, Timestamp at) = 0;
};

}  // namespace assistd::core
