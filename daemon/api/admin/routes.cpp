#include "api/admin/routes.h"

#include <nlohmann/json.hpp>

namespace assistd::api::admin {
namespace {

using http::Reply;
using http::Request;

Task<Reply> live(const Services&, Request) {
    co_return Reply::json(R"({"status":"alive"})");
}

// Ready is who can read the store; a page of nothing is the cheapest question.
Task<Reply> ready(const Services& services, Request) {
    if (services.turns.is_draining())
        throw Error(ErrorCode::unavailable, "The daemon is shutting down.")
            .with_retry_after(std::chrono::seconds(5));
    core::ConversationQuery nobody;
    nobody.owner = "";
    nobody.limit = 1;
    try {
        co_await services.store.conversations(nobody);
    } catch (const Error&) {
        throw Error(ErrorCode::unavailable, "The store cannot be read.")
            .with_retry_after(std::chrono::seconds(5));
    }
    const nlohmann::ordered_json json = {{"status", "ready"},
                                         {"tools", services.tools.all()->tools.size()},
                                         {"running_turns", services.turns.running()}};
    co_return Reply::json(json.dump());
}

Task<Reply> metrics(const Services& services, Request) {
    co_return Reply::text(services.metrics(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void add_routes(http::Router& router, const Services& services) {
    // Whoever watches over the daemon asks these without a key; they tell nothing of anybody.
    const http::RouteOptions open{.needs = http::Needs::nothing, .always_served = true};
    router.add(
        http::Method::get, "/livez",
        [&services](Request request) { return live(services, std::move(request)); }, open);
    router.add(
        http::Method::get, "/readyz",
        [&services](Request request) { return ready(services, std::move(request)); }, open);
    router.add(http::Method::get, "/metrics",
               [&services](Request request) { return metrics(services, std::move(request)); },
               {.always_served = true});
}

}  // namespace assistd::api::admin
