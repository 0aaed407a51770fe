#include "api/admin/limits.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/query.h"

namespace assistd::api::admin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_user = 256, longest_shown_user = 80;

Json or_null(std::int64_t figure) {
    return figure == 0 ? Json() : Json(figure);
}

Json render(const http::Allowance& allowance) {
    return {{"per_minute", allowance.limit},
            {"remaining", allowance.remaining},
            {"full_in_s", static_cast<double>(allowance.reset.count()) / 1000}};
}

// Requests of a minute: of the user, and of the key and the address that were used to ask.
Json render_requests(const std::vector<http::Allowance>& left) {
    Json json = {{"user", nullptr}, {"key", nullptr}, {"address", nullptr}};
    for (const http::Allowance& one : left) json[std::string(one.whose)] = render(one);
    return json;
}

Task<http::Reply> show(const LimitSources& sources, http::Request request) {
    Query query(request);
    const std::string user = query.text("user").value_or(request.user);
    if (user.empty() || user.size() > longest_user)
        query.wrong("user", "user must be the name of a user, of at most 256 bytes.");
    query.finish();
    const bool own = user == request.user;
    if (!own && !request.rights.admin)
        throw Error(ErrorCode::forbidden, "Only an administrator may look at the limits of another user.");
    if (!own && !sources.is_known(user))
        throw Error(ErrorCode::not_found, "There is no user \"" + user.substr(0, longest_shown_user) + "\".");
    const http::Identity who{user, own ? request.rights : http::Rights()};
    const Allowed allowed = sources.allowed(user);
    const core::TurnSlots::Counts turns = sources.slots.counts(user);
    const core::SpentToday spent = co_await sources.spending.today(user);
    Json json = {{"user", user}};
    json["requests"] =
        render_requests(sources.rates.left(who, own ? limited_address(request.peer) : std::string()));
    json["turns"] = {{"at_once", or_null(allowed.turns_at_once)},
                     {"running", turns.running},
                     {"waiting_at_most", allowed.turns_waiting},
                     {"waiting", turns.waiting}};
    const std::int64_t tokens = allowed.tokens_per_day;
    const double cost = allowed.cost_per_day;
    json["tokens"] = {
        {"per_day", or_null(tokens)},
        {"used", spent.tokens},
        {"remaining", tokens == 0 ? Json() : Json(std::max<std::int64_t>(0, tokens - spent.tokens))}};
    json["cost"] = {{"per_day", cost == 0 ? Json() : Json(cost)},
                    {"used", spent.cost},
                    {"remaining", cost == 0 ? Json() : Json(std::max(0.0, cost - spent.cost))},
                    {"currency", "USD"}};
    json["day_ends_at"] = to_iso8601(sources.spending.midnight());
    co_return http::Reply::json(json.dump());
}

}  // namespace

void add_limit_routes(http::Router& router, LimitSources sources) {
    router.add(http::Method::get, "/api/v1/ai/limits", [sources = std::move(sources)](http::Request request) {
        return show(sources, std::move(request));
    });
}

}  // namespace assistd::api::admin
