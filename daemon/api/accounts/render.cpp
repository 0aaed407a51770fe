#include "api/accounts/render.h"

namespace assistd::api::accounts {
namespace {

Json time_or_null(const std::optional<Timestamp>& time) {
    return time ? Json(to_iso8601(*time)) : Json();
}

std::string status_of(const core::ApiKey& key, Timestamp now) {
    if (key.revoked_at) return "revoked";
    return key.expires_at && *key.expires_at <= now ? "expired" : "active";
}

}  // namespace

std::string name_of(core::UserRole role) {
    return role == core::UserRole::admin ? "admin" : "user";
}

std::vector<std::string> names_of(http::Scopes scopes) {
    std::vector<std::string> names;
    for (const http::Scope scope :
         {http::Scope::read, http::Scope::write, http::Scope::tools, http::Scope::admin})
        if (scopes.has(scope)) names.emplace_back(http::name_of(scope));
    return names;
}

Json render(const core::User& user) {
    return {{"name", user.name},
            {"role", name_of(user.role)},
            {"origin", user.origin == core::UserOrigin::token ? "token" : "made"},
            {"disabled", user.disabled},
            {"has_password", !user.password.empty()},
            {"created_at", to_iso8601(user.created_at)},
            {"last_seen_at", time_or_null(user.last_seen_at)}};
}

Json render(const core::ApiKey& key, Timestamp now) {
    return {{"id", key.id.text()},
            {"name", key.name},
            {"user", key.owner},
            {"hint", key.hint},
            {"scopes", key.scopes},
            {"status", status_of(key, now)},
            {"created_at", to_iso8601(key.created_at)},
            {"expires_at", time_or_null(key.expires_at)},
            {"revoked_at", time_or_null(key.revoked_at)},
            {"last_used_at", time_or_null(key.last_used_at)}};
}

http::Reply private_reply(const Json& json, int status) {
    http::Reply reply = http::Reply::json(json.dump(), status);
    reply.with("Cache-Control", "no-store");
    return reply;
}

}  // namespace assistd::api::accounts
