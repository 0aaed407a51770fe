// The part of the account book that is about people who log in, and their sessions.

#include <algorithm>

#include "auth/account_book.h"
#include "auth/account_rules.h"
#include "auth/secret_text.h"
#include "base/error.h"
#include "base/limit_rules.h"
#include "base/sha256.h"

namespace assistd::auth {
namespace {

constexpr std::size_t most_sessions = 20;          // of a user; the one that was used least recently goes
constexpr std::size_t longest_counted_name = 200;  // no user has a longer one
constexpr std::size_t token_digits = 32;
constexpr std::size_t shown_digits = 16;  // of a session's hash, in logs
// A token lives for minutes and what it says of somebody may be over then; keys that were made with it go on
// for so long at most.
constexpr std::chrono::days longest_key_of_token{90};

[[noreturn]] void refuse_to_wait(std::chrono::seconds wait) {
    throw Error(ErrorCode::rate_limited,
                "Too many logins have failed; try again in " + std::to_string(wait.count()) + " s.")
        .with_retry_after(wait);
}

std::string credential_of(const std::string& session_hash) {
    return "session_" + session_hash.substr(0, shown_digits);
}

}  // namespace

http::Identity AccountBook::by_session(std::string_view cookie) {
    const std::string hash = sha256(cookie);
    const Timestamp time = clock_();
    http::Identity identity;
    Notes notes;
    {
        const std::lock_guard lock(mutex_);
        const auto found = sessions_.find(hash);
        if (found == sessions_.end() || found->second.expires_at <= time ||
            time - found->second.last_used_at > config_.session_idle)
            throw Error(ErrorCode::unauthenticated, "You are not logged in any more. Log in again.");
        core::LoginSession& session = found->second;
        core::User& user = enabled_user(session.owner);
        identity.user = user.name;
        identity.rights.scopes = http::every_scope;
        if (!session.key.is_nil()) {
            const core::ApiKey& key = key_with(session.key);
            identity.rights.scopes = scopes_of(good_key(key.hash, time).scopes);
        }
        identity.rights.admin =
            user.role == core::UserRole::admin && identity.rights.scopes.has(http::Scope::admin);
        std::optional<Timestamp> last = session.last_used_at;
        notes = {is_due(user.last_seen_at, time), is_due(last, time)};
        session.last_used_at = *last;
    }
    identity.rights.credential = credential_of(hash);
    if (notes.user) store_.note_user_seen(identity.user, time);
    if (notes.credential) store_.note_session_use(hash, time);
    return identity;
}

Task<void> AccountBook::check_password(core::Owner name, std::string password, std::string address) {
    try {
        co_await match_password(name, std::move(password), address);
    } catch (const Error& error) {
        arrivals_.refused(Shown::password, name, address, error);
        throw;
    }
}

Task<void> AccountBook::match_password(core::Owner name, std::string password, std::string address) {
    const std::string network = limited_address(address);
    const std::string counted = name.substr(0, longest_counted_name);
    const auto time = Attempts::Clock::now();
    if (const auto wait = attempts_by_address_.wait_of(network, time)) refuse_to_wait(*wait);
    if (const auto wait = attempts_by_name_.wait_of(counted, time)) refuse_to_wait(*wait);
    // Counted before it is known, so that many at once are not all let through.
    attempts_by_address_.failed(network, time);
    attempts_by_name_.failed(counted, time);
    std::string hash;
    {
        const std::lock_guard lock(mutex_);
        const auto found = users_.find(name);
        if (found != users_.end()) hash = found->second.password;
    }
    if (!co_await passwords_.matches(std::move(password), std::move(hash)))
        throw Error(ErrorCode::unauthenticated, "The name or the password is wrong.");
    attempts_by_address_.take_back(network);
    attempts_by_name_.forget(counted);
}

Task<core::LoggedIn> AccountBook::log_in(core::Login login) {
    const Shown shown = login.key.empty() ? Shown::password : Shown::key;
    const std::string name = login.name;
    const std::string address = login.address;
    try {
        core::LoggedIn made = co_await begin_session(std::move(login));
        arrivals_.logged_in(shown, made.session.owner, address);
        co_return made;
    } catch (const Error& error) {
        arrivals_.refused(shown, name, address, error);
        throw;
    }
}

Task<core::LoggedIn> AccountBook::begin_session(core::Login login) {
    core::LoggedIn made;
    core::LoginSession& session = made.session;
    session.created_at = session.last_used_at = clock_();
    session.expires_at = session.created_at + config_.session_longest;
    if (login.key.empty()) {
        co_await match_password(login.name, std::move(login.password), login.address);
        session.owner = login.name;
    } else {
        const http::Identity identity = by_key(login.key);
        session.owner = identity.user;
        session.key = core::KeyId::parse(identity.rights.credential).value();
    }
    made.cookie = make_secret(session_prefix);
    made.csrf_token = csrf_token_of(made.cookie);
    session.hash = sha256(made.cookie);
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        enabled_user(session.owner);
        drop_sessions_beyond_limit(session.owner);
        sessions_.emplace(session.hash, session);
        write = store_.put_session(session);
    }
    const auto undo = [this, hash = session.hash] { sessions_.erase(hash); };
    co_await keep(*write, undo);
    co_return made;
}

Task<void> AccountBook::log_out(std::string cookie) {
    const std::string hash = sha256(cookie);
    {
        const std::lock_guard lock(mutex_);
        if (sessions_.erase(hash) == 0) co_return;
    }
    co_await store_.remove_session(hash).committed();
}

std::string AccountBook::csrf_token_of(const std::string& cookie) const {
    // Whoever has it cannot make the cookie of it, and a page of another site can read neither.
    return sha256("csrf:" + cookie).substr(0, token_digits);
}

std::optional<Timestamp> AccountBook::end_of(const std::string& credential) const {
    if (credential.starts_with(token_credential)) return clock_() + longest_key_of_token;
    const std::lock_guard lock(mutex_);
    auto id = core::KeyId::parse(credential);
    for (const auto& [hash, session] : sessions_)
        if (!session.key.is_nil() && credential_of(hash) == credential) id = session.key;
    const auto found = id ? key_hashes_.find(*id) : key_hashes_.end();
    return found == key_hashes_.end() ? std::nullopt : keys_.at(found->second).expires_at;
}

void AccountBook::drop_sessions(const std::function<bool(const core::LoginSession&)>& which) {
    for (auto entry = sessions_.begin(); entry != sessions_.end();) {
        const bool goes = which(entry->second);
        if (goes) store_.remove_session(entry->first);
        entry = goes ? sessions_.erase(entry) : std::next(entry);
    }
}

void AccountBook::drop_sessions_beyond_limit(const core::Owner& owner) {
    const Timestamp time = clock_();
    drop_sessions([&](const core::LoginSession& session) {
        return session.expires_at <= time || time - session.last_used_at > config_.session_idle;
    });
    std::vector<const core::LoginSession*> own;
    for (const auto& [hash, session] : sessions_)
        if (session.owner == owner) own.push_back(&session);
    if (own.size() < most_sessions) return;
    const auto oldest = std::min_element(own.begin(), own.end(), [](const auto* a, const auto* b) {
        return a->last_used_at < b->last_used_at;
    });
    const std::string hash = (*oldest)->hash;
    drop_sessions([&](const core::LoginSession& session) { return session.hash == hash; });
}

}  // namespace assistd::auth
