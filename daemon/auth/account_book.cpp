#include "auth/account_book.h"

#include <algorithm>

#include "auth/account_rules.h"
#include "base/error.h"

namespace assistd::auth {
namespace {

// How old what is stored about a last use may be.
constexpr auto note_every = std::chrono::minutes(1);
// Failed logins of one name may come from several addresses.
constexpr int addresses_of_a_name = 5;

core::UserRole role_of(bool is_admin) {
    return is_admin ? core::UserRole::admin : core::UserRole::user;
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

AccountBook::AccountBook(core::AccountStore& store, const AuthConfig& config, Clock clock, Arrivals arrivals)
    : store_(store),
      config_(config),
      clock_(std::move(clock)),
      arrivals_(std::move(arrivals)),
      attempts_by_address_(config.login_attempts, config.login_window),
      attempts_by_name_(config.login_attempts * addresses_of_a_name, config.login_window) {}

Task<void> AccountBook::load() {
    const Timestamp time = clock_();
    co_await store_.remove_sessions_before(time, time - config_.session_idle).committed();
    core::StoredAccounts stored = co_await store_.all();
    const std::lock_guard lock(mutex_);
    for (core::User& user : stored.users) {
        // Whom only a list makes an administrator is none from the start on when he is not there any more.
        const bool was_listed = tokens_say_role_of(user) && config_.jwt.role_claim.empty();
        const core::UserRole role = was_listed ? role_of(is_among(config_.jwt.admins, user.name)) : user.role;
        const bool changed = role != user.role;
        user.role = role;
        if (changed) store_.put_user(user);
        users_.emplace(user.name, std::move(user));
    }
    for (core::ApiKey& key : stored.keys) {
        key_hashes_.emplace(key.id, key.hash);
        keys_.emplace(key.hash, std::move(key));
    }
    for (core::LoginSession& session : stored.sessions) sessions_.emplace(session.hash, std::move(session));
}

bool AccountBook::is_due(std::optional<Timestamp>& last, Timestamp time) {
    if (last && time - *last < note_every) return false;
    last = time;
    return true;
}

core::User& AccountBook::user_named(const core::Owner& name) {
    const auto found = users_.find(name);
    if (found == users_.end())
        throw Error(ErrorCode::not_found, "There is no user \"" + name.substr(0, 80) + "\".");
    return found->second;
}

core::User& AccountBook::enabled_user(const core::Owner& name) {
    const auto found = users_.find(name);
    if (found == users_.end()) throw Error(ErrorCode::unauthenticated, "This user is not there any more.");
    if (found->second.disabled)
        throw Error(ErrorCode::forbidden,
                    "The user " + name + " is disabled. An administrator can change that.");
    return found->second;
}

http::Identity AccountBook::by_token(const TokenUser& shown, std::string credential) {
    const Timestamp time = clock_();
    http::Identity identity;
    identity.user = shown.name;
    std::optional<core::User> changed;
    {
        const std::lock_guard lock(mutex_);
        core::User& user = token_user(shown, time);
        const core::UserRole role = role_of(shown.is_admin);
        const bool is_news = user.origin != core::UserOrigin::token || user.role != role;
        // From here on it is his tokens that say what the role is.
        user.origin = core::UserOrigin::token;
        user.role = role;
        identity.rights.admin = shown.is_admin;
        // Once in a while all of the user: what was not stored is so a minute later, before a restart takes
        // him for one who is gone.
        if (is_due(user.last_seen_at, time) || is_news) changed = user;
    }
    identity.rights.scopes = scopes_of(usual_scopes());
    if (identity.rights.admin) identity.rights.scopes.add(http::Scope::admin);
    identity.rights.credential = std::move(credential);
    if (changed) store_.put_user(*changed);
    return identity;
}

core::User& AccountBook::token_user(const TokenUser& shown, Timestamp time) {
    if (shown.name == core::local_user)
        throw Error(ErrorCode::forbidden,
                    "No token is taken for the user \"local\", who is this server's own. "
                    "Use a key, or a token that names somebody else.");
    if (!users_.contains(shown.name)) {
        core::User user;
        user.name = shown.name;
        user.origin = core::UserOrigin::token;
        user.role = shown.is_admin ? core::UserRole::admin : core::UserRole::user;
        user.created_at = time;
        users_.emplace(user.name, std::move(user));
    }
    core::User& user = enabled_user(shown.name);
    const bool made_administrator =
        user.origin == core::UserOrigin::made && user.role == core::UserRole::admin;
    if (made_administrator && !shown.is_listed)
        throw Error(ErrorCode::forbidden,
                    shown.name +
                        " is an administrator who was made here, for whom no token is taken. Use a key "
                        "or a password; or have the name put into auth.jwt.admins of the configuration.");
    return user;
}

bool AccountBook::tokens_say_role_of(const core::User& user) const {
    return config_.mode == AuthMode::jwt && user.origin == core::UserOrigin::token;
}

bool AccountBook::is_administrator(const core::Owner& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    return found != users_.end() && found->second.role == core::UserRole::admin;
}

bool AccountBook::has_administrator() const {
    const std::lock_guard lock(mutex_);
    return has_way_in();
}

bool AccountBook::is_way_in(const core::User& user) const {
    return user.role == core::UserRole::admin && !user.disabled;
}

bool AccountBook::is_way_in(const core::ApiKey& key, Timestamp time) const {
    const auto owner = users_.find(key.owner);
    return owner != users_.end() && is_way_in(owner->second) && !key.revoked_at &&
           (!key.expires_at || *key.expires_at > time) && scopes_of(key.scopes).has(http::Scope::admin);
}

bool AccountBook::has_way_in() const {
    const Timestamp time = clock_();
    return std::ranges::any_of(users_,
                               [&](const auto& entry) {
                                   return is_way_in(entry.second) && !entry.second.password.empty();
                               }) ||
           std::ranges::any_of(keys_, [&](const auto& entry) { return is_way_in(entry.second, time); });
}

void AccountBook::keep_a_way_in(bool there_was_one, const std::function<void()>& undo) const {
    const bool by_tokens =
        config_.mode == AuthMode::jwt && (!config_.jwt.admins.empty() || !config_.jwt.role_claim.empty());
    if (config_.mode == AuthMode::none || by_tokens || !there_was_one || has_way_in()) return;
    undo();
    throw Error(
        ErrorCode::conflict,
        "Then no administrator could get in any more: nobody else who is one has a password, or a key "
        "with the scope \"admin\". Make another key first (assistctl keys create NAME --scope read "
        "--scope write --scope tools --scope admin), or give another administrator a password.");
}

std::vector<core::User> AccountBook::users() const {
    std::vector<core::User> all;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, user] : users_) all.push_back(user);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return all;
}

std::optional<core::User> AccountBook::find_user(const core::Owner& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    return found == users_.end() ? std::nullopt : std::optional(found->second);
}

Task<void> AccountBook::keep(core::Write write, std::function<void()> undo) {
    try {
        co_await write.committed();
    } catch (...) {
        const std::lock_guard lock(mutex_);
        undo();
        throw;
    }
}

Task<core::User> AccountBook::add_user(core::NewUser wanted) {
    check_user_name(wanted.name);
    core::User user;
    if (!wanted.password.empty()) {
        check_new_password(wanted.password);
        user.password = co_await passwords_.hash(std::move(wanted.password));
    }
    user.name = wanted.name;
    user.role = wanted.role;
    user.created_at = clock_();
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        if (users_.contains(user.name))
            throw Error(ErrorCode::conflict, "There is a user \"" + user.name + "\" already.");
        users_.emplace(user.name, user);
        write = store_.put_user(user);
    }
    const auto undo = [this, name = user.name] { users_.erase(name); };
    co_await keep(*write, undo);
    co_return user;
}

Task<core::User> AccountBook::change_user(core::Owner name, core::UserChange change) {
    std::optional<std::string> hash;
    if (change.password && !change.password->empty()) {
        check_new_password(*change.password);
        hash = co_await passwords_.hash(*change.password);
    } else if (change.password) {
        hash = "";
    }
    core::User before;
    core::User after;
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        core::User& user = user_named(name);
        const bool there_was_a_way_in = has_way_in();
        before = user;
        if (change.role && *change.role != user.role && tokens_say_role_of(user))
            throw Error(ErrorCode::conflict,
                        "What the role of " + name +
                            " is, the tokens say. It is changed at their issuer (auth.jwt.role_claim), or by "
                            "auth.jwt.admins in the configuration.");
        if (change.role) user.role = *change.role;
        // From here on it is an administrator who says what the role is.
        if (change.role && !tokens_say_role_of(user)) user.origin = core::UserOrigin::made;
        if (change.disabled) user.disabled = *change.disabled;
        if (hash) user.password = *hash;
        keep_a_way_in(there_was_a_way_in, [&] { user = before; });
        after = user;
        write = store_.put_user(user);
        if (hash || user.disabled)
            drop_sessions([&](const core::LoginSession& session) { return session.owner == name; });
    }
    const auto undo = [this, name, before] {
        const auto found = users_.find(name);
        if (found != users_.end()) found->second = before;
    };
    co_await keep(*write, undo);
    end_work_if_shut_out(name);
    co_return after;
}

Task<void> AccountBook::remove_user(core::Owner name) {
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        core::User& user = user_named(name);
        const bool there_was_a_way_in = has_way_in();
        const bool was_disabled = std::exchange(user.disabled, true);
        keep_a_way_in(there_was_a_way_in, [&] { user.disabled = was_disabled; });
        user.disabled = was_disabled;
        write = store_.remove_user(name);
    }
    // Unlike other changes: what is removed cannot be put back by halves.
    co_await write->committed();
    forget_user(name);
    end_work_if_shut_out(name);
}

void AccountBook::forget_user(const core::Owner& name) {
    const std::lock_guard lock(mutex_);
    users_.erase(name);
    for (auto key = keys_.begin(); key != keys_.end();) {
        const bool goes = key->second.owner == name;
        if (goes) key_hashes_.erase(key->second.id);
        key = goes ? keys_.erase(key) : std::next(key);
    }
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second.owner == name; });
}

std::string AccountBook::why_shut_out(const core::Owner& name) const {
    if (config_.mode == AuthMode::none && name == core::local_user) return "";
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end()) return "The user " + name + " is not there any more.";
    return found->second.disabled ? "The user " + name + " is disabled." : "";
}

void AccountBook::end_work_if_shut_out(const core::Owner& name) const {
    const std::string why = why_shut_out(name);
    if (end_work_ && !why.empty()) end_work_(name, why);
}

}  // namespace assistd::auth
