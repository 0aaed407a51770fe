#include "api/admin/route_list.h"

#include <memory>
#include <nlohmann/json.hpp>

namespace assistd::api::admin {
namespace {

using Json = nlohmann::ordered_json;

std::string needs_of(const http::Router::Route& route) {
    if (route.options.needs == http::Needs::nothing) return "nothing";
    return std::string(http::name_of(http::scope_for(route.options.needs, route.method)));
}

}  // namespace

void add_route_list(http::Router& router) {
    const auto text = std::make_shared<std::string>();
    router.add(
        http::Method::get, "/api/v1/ai/routes",
        [text](http::Request) -> Task<http::Reply> { co_return http::Reply::json(*text); },
        {.needs = http::Needs::admin});
    Json routes = Json::array();
    for (const http::Router::Route& route : router.routes())
        routes.push_back({{"method", http::name_of(route.method)},
                          {"path", route.pattern},
                          {"needs", needs_of(route)}});
    const Json json = {{"routes", routes}, {"count", routes.size()}};
    *text = json.dump();
}

}  // namespace assistd::api::admin
