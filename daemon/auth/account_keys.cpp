// The part of the account book that is about API keys.

#include <fmt/format.h>

#include <algorithm>

#include "auth/account_book.h"
#include "auth/account_rules.h"
#include "auth/secret_text.h"
#include "base/error.h"
#include "base/sha256.h"

namespace assistd::auth {
namespace {

constexpr int most_keys = 100;  // of a user, that are good

bool is_good(const core::ApiKey& key, Timestamp time) {
    return !key.revoked_at && (!key.expires_at || *key.expires_at > time);
}

}  // namespace

http::Identity AccountBook::by_key(std::string_view text) {
    if (!is_secret(key_prefix, text))
        throw Error(ErrorCode::unauthenticated,
                    "What was sent is no whole API key: one begins with \"ak_\" and has 52 characters.");
    const std::string hash = sha256(text);
    const Timestamp time = clock_();
    http::Identity identity;
    core::KeyId id;
    Notes notes;
    {
        const std::lock_guard lock(mutex_);
        good_key(hash, time);
        core::ApiKey& key = keys_.at(hash);
        core::User& user = enabled_user(key.owner);
        identity.user = user.name;
        identity.rights.scopes = scopes_of(key.scopes);
        identity.rights.admin =
            user.role == core::UserRole::admin && identity.rights.scopes.has(http::Scope::admin);
        id = key.id;
        notes = {is_due(user.last_seen_at, time), is_due(key.last_used_at, time)};
    }
    identity.rights.credential = id.text();
    if (notes.user) store_.note_user_seen(identity.user, time);
    if (notes.credential) store_.note_key_use(id, time);
    return identity;
}

const core::ApiKey& AccountBook::good_key(const std::string& hash, Timestamp time) const {
    const auto found = keys_.find(hash);
    if (found == keys_.end())
        throw Error(ErrorCode::unauthenticated, "This API key is not known here. Ask for a new one.");
    const core::ApiKey& key = found->second;
    if (key.revoked_at)
        throw Error(ErrorCode::unauthenticated,
                    fmt::format("The API key {}… was revoked. Ask for a new one.", key.hint));
    if (!is_good(key, time))
        throw Error(ErrorCode::unauthenticated,
                    fmt::format("The API key {}… expired at {}. Ask for a new one.", key.hint,
                                to_iso8601(*key.expires_at)));
    return key;
}

core::ApiKey& AccountBook::key_with(core::KeyId id) {
    const auto found = key_hashes_.find(id);
    if (found == key_hashes_.end()) throw Error(ErrorCode::not_found, "There is no such API key.");
    return keys_.at(found->second);
}

std::vector<core::ApiKey> AccountBook::keys(const std::optional<core::Owner>& owner) const {
    std::vector<core::ApiKey> all;
    const std::lock_guard lock(mutex_);
    for (auto entry = key_hashes_.rbegin(); entry != key_hashes_.rend(); ++entry) {
        const core::ApiKey& key = keys_.at(entry->second);
        if (!owner || key.owner == *owner) all.push_back(key);
    }
    return all;
}

core::ApiKey AccountBook::find_key(core::KeyId id) const {
    const std::lock_guard lock(mutex_);
    const auto found = key_hashes_.find(id);
    if (found == key_hashes_.end()) throw Error(ErrorCode::not_found, "There is no such API key.");
    return keys_.at(found->second);
}

void AccountBook::check_order(const core::KeyOrder& order, Timestamp time) const {
    const core::User& owner = users_.at(order.owner);
    if (scopes_of(order.scopes).has(http::Scope::admin) && owner.role != core::UserRole::admin) {
        const std::string sentence =
            "scopes may have \"admin\" for keys of administrators only; " + owner.name + " is none.";
        throw Error(ErrorCode::validation, sentence, {{"scopes", sentence}});
    }
    int good = 0;
    for (const auto& [hash, key] : keys_) {
        if (key.owner != order.owner || !is_good(key, time)) continue;
        ++good;
        if (key.name == order.name)
            throw Error(ErrorCode::conflict,
                        fmt::format("There is a key \"{}\" of {} already. Revoke it first, or choose "
                                    "another name.",
                                    order.name, order.owner));
    }
    if (good >= most_keys)
        throw Error(
            ErrorCode::conflict,
            fmt::format("{} has {} keys already. Revoke those that are not used.", order.owner, good));
}

Task<core::MadeKey> AccountBook::make_key(core::KeyOrder order) {
    return add_key(std::move(order), make_secret(key_prefix));
}

Task<core::MadeKey> AccountBook::add_key(core::KeyOrder order, std::string text) {
    check_key_name(order.name);
    check_scopes(order.scopes);
    order.scopes = order.scopes.empty() ? usual_scopes() : without_repeats(std::move(order.scopes));
    const Timestamp time = clock_();
    if (order.expires_at && *order.expires_at <= time) {
        const std::string sentence = "expires_at must be in the future.";
        throw Error(ErrorCode::validation, sentence, {{"expires_at", sentence}});
    }
    core::MadeKey made;
    made.text = std::move(text);
    made.key.id = core::KeyId::make();
    made.key.owner = order.owner;
    made.key.name = order.name;
    made.key.hash = sha256(made.text);
    made.key.hint = hint_of(made.text);
    made.key.scopes = order.scopes;
    made.key.created_at = time;
    made.key.expires_at = order.expires_at;
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        user_named(order.owner);
        check_order(order, time);
        keys_.emplace(made.key.hash, made.key);
        key_hashes_.emplace(made.key.id, made.key.hash);
        write = store_.put_key(made.key);
    }
    const auto undo = [this, key = made.key] {
        keys_.erase(key.hash);
        key_hashes_.erase(key.id);
    };
    co_await keep(*write, undo);
    co_return made;
}

Task<core::ApiKey> AccountBook::revoke_key(core::KeyId id) {
    core::ApiKey revoked;
    std::optional<core::Write> write;
    {
        const std::lock_guard lock(mutex_);
        core::ApiKey& key = key_with(id);
        if (key.revoked_at) co_return key;
        const bool there_was_a_way_in = has_way_in();
        key.revoked_at = clock_();
        keep_a_way_in(there_was_a_way_in, [&] { key.revoked_at.reset(); });
        revoked = key;
        write = store_.put_key(key);
        drop_sessions([&](const core::LoginSession& session) { return session.key == id; });
    }
    const auto undo = [this, id] { key_with(id).revoked_at.reset(); };
    co_await keep(*write, undo);
    co_return revoked;
}

}  // namespace assistd::auth
