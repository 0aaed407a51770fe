#include "api/admin/routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assistd::api::admin {
namespace {

using http::Reply;
using http::Request;
using Json = nlohmann::ordered_json;

const char* name_of(Condition condition) {
    switch (condition) {
        case Condition::ok:
            return "ok";
        case Condition::degraded:
            return "degraded";
        case Condition::down:
            return "down";
    }
    return "down";
}

// By which it is told from other programs that answer where it is looked for.
constexpr const char* program_name = "assistd";

Task<Reply> live() {
    co_return Reply::json(R"({"status":"alive"})");
}

// A daemon that cannot work says too who it is: whoever looks for it must not take it for another program.
Reply not_ready(const std::string& reason, const std::string& request_id) {
    const Error error = Error(ErrorCode::unavailable, reason).with_retry_after(std::chrono::seconds(5));
    Reply reply = http::error_reply(error, request_id);
    Json page = Json::parse(std::get<std::string>(reply.body));
    page["name"] = program_name;
    reply.body = page.dump();
    return reply;
}

Task<Reply> ready(Request request, const Services& services, Watch& watch) {
    const std::string reason = co_await watch.reason_not_ready();
    if (!reason.empty()) co_return not_ready(reason, request.request_id);
    const Json json = {{"status", "ready"},
                       {"name", program_name},
                       {"tools", services.tools.all()->tools.size()},
                       {"running_turns", services.turns.running()}};
    co_return Reply::json(json.dump());
}

// 503 when a part is down that nothing works without, so that a monitor that looks at the status alone sees
// it.
Task<Reply> health(Watch& watch) {
    const Health health = co_await watch.health();
    Condition overall = Condition::ok;
    Json parts = Json::object();
    for (const PartHealth& part : health.parts) {
        overall = std::max(overall, part.condition);
        Json& json = parts[part.name] = {{"status", name_of(part.condition)}};
        if (!part.reason.empty()) json["reason"] = part.reason;
        if (!part.details.empty()) json.update(Json::parse(part.details));
    }
    const Json json = {{"status", name_of(overall)},
                       {"name", program_name},
                       {"version", health.version},
                       {"uptime_s", health.uptime.count()},
                       {"parts", std::move(parts)}};
    constexpr auto replace = nlohmann::json::error_handler_t::replace;
    co_return Reply::json(json.dump(-1, ' ', false, replace), overall == Condition::down ? 503 : 200);
}

Task<Reply> metrics(Watch& watch) {
    std::string text = co_await watch.metrics();
    co_return Reply::text(std::move(text), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void add_routes(http::Router& router, const Services& services, Watch& watch) {
    // Whoever watches over the daemon asks these without a key; they tell nothing of anybody.
    const http::RouteOptions open{.needs = http::Needs::nothing, .always_served = true};
    router.add(
        http::Method::get, "/livez", [](Request) { return live(); }, open);
    router.add(
        http::Method::get, "/readyz",
        [&services, &watch](Request request) { return ready(std::move(request), services, watch); }, open);
    // These tell more, and are answered however much there is to do.
    const http::RouteOptions served{.always_served = true};
    router.add(
        http::Method::get, "/health", [&watch](Request) { return health(watch); }, served);
    router.add(
        http::Method::get, "/metrics", [&watch](Request) { return metrics(watch); }, served);
}

}  // namespace assistd::api::admin
