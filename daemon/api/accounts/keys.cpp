#include <algorithm>

#include "api/accounts/handlers.h"
#include "api/accounts/render.h"
#include "api/deeds.h"
#include "api/json_body.h"
#include "api/moment.h"
#include "api/query.h"

namespace assistd::api::accounts {
namespace {

void check_about(const Request& request, const core::Owner& owner) {
    if (owner != request.user && !request.rights.admin)
        throw Error(ErrorCode::forbidden, "Only an administrator may look after the keys of others.");
}

// That of somebody else is not there.
core::ApiKey key_in(const Context& context, const Request& request) {
    const auto id = core::KeyId::parse(request.path_value("key"));
    if (id) {
        const core::ApiKey key = context.accounts.find_key(*id);
        if (key.owner == request.user || request.rights.admin) return key;
    }
    throw Error(ErrorCode::not_found, "There is no such API key.");
}

std::optional<Timestamp> expiry_in(JsonBody& body) {
    const auto text = body.text("expires_at", 60);
    const auto days = body.number("expires_days", 1, 36'500);
    if (text && days) body.wrong("expires_days", "expires_days and expires_at must not both be there.");
    if (days) return now() + std::chrono::days(*days);
    if (!text) return std::nullopt;
    const auto time = moment_in(*text);
    if (!time) body.wrong("expires_at", "expires_at must be a time such as 2027-01-31T12:00:00Z.");
    return time;
}

// A key reaches no further than what it is made with, an administrator's either: else one that was lost could
// be turned into a better one.
void hold_back(const Context& context, const Request& request, core::KeyOrder& order) {
    const std::vector<std::string> own = names_of(request.rights.scopes);
    const auto is_own = [&](const std::string& scope) {
        return std::find(own.begin(), own.end(), scope) != own.end();
    };
    if (order.scopes.empty())
        for (const std::string& scope : own)
            if (scope != "admin") order.scopes.push_back(scope);
    const std::vector<std::string> known = names_of(http::every_scope);
    for (const std::string& scope : order.scopes)
        if (!is_own(scope) && std::find(known.begin(), known.end(), scope) != known.end())
            throw Error(ErrorCode::forbidden, "A key with the scope \"" + scope.substr(0, 40) +
                                                  "\" cannot be made with one that does not have it.");
    const auto end = context.accounts.end_of(request.rights.credential);
    if (!end) return;
    if (order.expires_at && *order.expires_at > *end)
        throw Error(
            ErrorCode::forbidden,
            "A key that is made with what was sent ends at " + to_iso8601(*end) +
                " at the latest: no key outlives the one that it is made with, nor a token by 90 days.");
    if (!order.expires_at) order.expires_at = end;
}

// What concerns others, or all of them: keys of others, and keys that administrators use.
bool is_deed(const Request& request, const core::ApiKey& key) {
    return key.owner != request.user ||
           std::find(key.scopes.begin(), key.scopes.end(), "admin") != key.scopes.end();
}

}  // namespace

Task<Reply> list_keys(const Context& context, Request request) {
    Query query(request);
    const auto of = query.text("user");
    const bool all = query.boolean("all").value_or(false);
    if (of && all) query.wrong("all", "all and user must not both be there.");
    query.finish();
    std::optional<core::Owner> owner = of.value_or(request.user);
    if (all && !request.rights.admin) check_about(request, "");
    if (all) owner.reset();
    if (owner) check_about(request, *owner);
    Json keys = Json::array();
    const Timestamp time = now();
    for (const core::ApiKey& key : context.accounts.keys(owner)) keys.push_back(render(key, time));
    const Json json = {{"keys", keys}, {"count", keys.size()}};
    co_return private_reply(json);
}

Task<Reply> create_key(const Context& context, Request request) {
    Query(request).finish();
    JsonBody body(request);
    core::KeyOrder order;
    order.owner = body.text("user", 200).value_or(request.user);
    order.name = body.text("name", 400).value_or("");
    if (!body.has("name")) body.wrong("name", "name is missing: a key needs one, such as where it is used.");
    const auto scopes = body.texts("scopes", 10);
    if (scopes && scopes->empty()) body.wrong("scopes", "scopes must name something, or be left out.");
    order.scopes = scopes.value_or(std::vector<std::string>());
    order.expires_at = expiry_in(body);
    body.finish();
    if (!context.takes_keys)
        throw Error(ErrorCode::conflict, "No API keys are taken here (auth.keys: false): tokens are.");
    check_about(request, order.owner);
    hold_back(context, request, order);
    const core::MadeKey made = co_await context.accounts.make_key(std::move(order));
    if (is_deed(request, made.key))
        co_await note_deed(context.audit, request, "keys.create", made.key.owner, made.key.id.text());
    Json json = render(made.key, now());
    json["key"] = made.text;
    Reply reply = private_reply(json, 201);
    reply.with("Location", "/api/v1/ai/keys/" + made.key.id.text());
    co_return reply;
}

Task<Reply> show_key(const Context& context, Request request) {
    Query(request).finish();
    co_return private_reply(render(key_in(context, request), now()));
}

Task<Reply> revoke_key(const Context& context, Request request) {
    Query(request).finish();
    const core::ApiKey key = key_in(context, request);
    co_await context.accounts.revoke_key(key.id);
    if (is_deed(request, key))
        co_await note_deed(context.audit, request, "keys.revoke", key.owner, key.id.text());
    co_return Reply::empty();
}

}  // namespace assistd::api::accounts
