#include "store/accounts.h"

#include "base/error.h"

namespace assistd::store {
namespace {

std::string_view text_of(core::UserRole role) {
    return role == core::UserRole::admin ? "admin" : "user";
}

std::string_view text_of(core::UserOrigin origin) {
    return origin == core::UserOrigin::token ? "token" : "made";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::optional<Timestamp> optional_time(const Rows& row, int column) {
    const auto micros = row.optional_integer(column);
    return micros ? std::optional(from_micros(*micros)) : std::nullopt;
}

std::vector<core::User> read_users(Database& db) {
    Rows row = db.query(
        "SELECT name, role, origin, disabled, password, created_at, last_seen_at FROM users ORDER BY name");
    std::vector<core::User> users;
    while (row.next()) {
        core::User user;
        user.name = row.text(0);
        user.role = row.view(1) == "admin" ? core::UserRole::admin : core::UserRole::user;
        user.origin = row.view(2) == "token" ? core::UserOrigin::token : core::UserOrigin::made;
        user.disabled = row.flag(3);
        user.password = row.text(4);
        user.created_at = row.time(5);
        user.last_seen_at = optional_time(row, 6);
        users.push_back(std::move(user));
    }
    return users;
}

std::vector<core::ApiKey> read_keys(Database& db) {
    Rows row = db.query(
        "SELECT id, owner, name, hash, hint, scopes, created_at, expires_at, revoked_at, last_used_at "
        "FROM api_keys ORDER BY id");
    std::vector<core::ApiKey> keys;
    while (row.next()) {
        core::ApiKey key;
        key.id = {row.uuid(0)};
        key.owner = row.text(1);
        key.name = row.text(2);
        key.hash = row.text(3);
        key.hint = row.text(4);
        key.scopes = split(row.view(5));
        key.created_at = row.time(6);
        key.expires_at = optional_time(row, 7);
        key.revoked_at = optional_time(row, 8);
        key.last_used_at = optional_time(row, 9);
        keys.push_back(std::move(key));
    }
    return keys;
}

std::vector<core::LoginSession> read_sessions(Database& db) {
    Rows row = db.query("SELECT hash, owner, key, created_at, expires_at, last_used_at FROM login_sessions");
    std::vector<core::LoginSession> sessions;
    while (row.next())
        sessions.push_back({row.text(0), row.text(1), {row.uuid(2)}, row.time(3), row.time(4), row.time(5)});
    return sessions;
}

}  // namespace

Task<core::StoredAccounts> SqliteAccounts::all() {
    return readers_.read([](Database& db) {
        return core::StoredAccounts{read_users(db), read_keys(db), read_sessions(db)};
    });
}

core::Write SqliteAccounts::put_user(const core::User& user) {
    return core::Write(writer_.submit([user](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO users (name, role, origin, disabled, password, created_at, last_seen_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO UPDATE SET role = ?2, origin = ?3, "
            "disabled = ?4, password = ?5, last_seen_at = ?7",
            user.name, text_of(user.role), text_of(user.origin), user.disabled, user.password,
            user.created_at, user.last_seen_at);
    }));
}

core::Write SqliteAccounts::remove_user(const core::Owner& name) {
    return core::Write(writer_.submit(
        [name](WriteScope& scope) { scope.db.run("DELETE FROM users WHERE name = ?1", name); }));
}

core::Write SqliteAccounts::put_key(const core::ApiKey& key) {
    return core::Write(writer_.submit([key](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO api_keys (id, owner, name, hash, hint, scopes, created_at, expires_at, revoked_at, "
            "last_used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
            "ON CONFLICT (id) DO UPDATE SET name = ?3, expires_at = ?8, revoked_at = ?9",
            key.id, key.owner, key.name, key.hash, key.hint, joined(key.scopes), key.created_at,
            key.expires_at, key.revoked_at, key.last_used_at);
        if (key.revoked_at) scope.db.run("DELETE FROM login_sessions WHERE key = ?1", key.id);
    }));
}

core::Write SqliteAccounts::put_session(const core::LoginSession& session) {
    return core::Write(writer_.submit([session](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO login_sessions (hash, owner, key, created_at, expires_at, last_used_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            session.hash, session.owner, session.key, session.created_at, session.expires_at,
            session.last_used_at);
    }));
}

core::Write SqliteAccounts::remove_session(const std::string& hash) {
    return core::Write(writer_.submit(
        [hash](WriteScope& scope) { scope.db.run("DELETE FROM login_sessions WHERE hash = ?1", hash); }));
}

core::Write SqliteAccounts::remove_sessions_before(Timestamp expiry, Timestamp last_use) {
    return core::Write(writer_.submit([expiry, last_use](WriteScope& scope) {
        scope.db.run("DELETE FROM login_sessions WHERE expires_at < ?1 OR last_used_at < ?2", expiry,
                     last_use);
    }));
}

void SqliteAccounts::note_user_seen(const core::Owner& name, Timestamp at) {
    writer_.submit_patiently([name, at](WriteScope& scope) {
        scope.db.run("UPDATE users SET last_seen_at = ?2 WHERE name = ?1", name, at);
    });
}

void SqliteAccounts::note_key_use(core::KeyId id, Timestamp at) {
    writer_.submit_patiently([id, at](WriteScope& scope) {
        scope.db.run("UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1", id, at);
    });
}

void SqliteAccounts::note_session_use(const std::string& hash, Timestamp at) {
    writer_.submit_patiently([hash, at](WriteScope& scope) {
        scope.db.run("UPDATE login_sessions SET last_used_at = ?2 WHERE hash = ?1", hash, at);
    });
}

}  // namespace assistd::store
