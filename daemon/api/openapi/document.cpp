#include "api/openapi/document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace assistd::api::openapi {
namespace {

using Json = nlohmann::ordered_json;

// As a description writes a method.
std::string key_of(http::Method method) {
    std::string key(http::name_of(method));
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return key;
}

// Puts the members of an object into another one that has none of these names.
void put(Json& into, const Json& members, std::string_view part) {
    for (const auto& [name, value] : members.items()) {
        if (into.contains(name))
            throw std::logic_error("\"" + name + "\" is described twice; the second time in " +
                                   std::string(part) + ".json");
        into[name] = value;
    }
}

void merge(Json& whole, const Part& part) {
    const Json json = Json::parse(part.text);
    put(whole["paths"], json.at("paths"), part.name);
    const auto components = json.find("components");
    if (components == json.end()) return;
    for (const auto& [kind, members] : components->items()) {
        if (!whole["components"].contains(kind)) whole["components"][kind] = Json::object();
        put(whole["components"][kind], members, part.name);
    }
}

// Any one of the ways to say who one is, with the scope that it must have.
Json security_for(const LiveRoute& route, const Json& schemes) {
    Json ways = Json::array();
    if (route.needs == http::Needs::nothing) return ways;
    for (const auto& [name, scheme] : schemes.items()) ways.push_back({{name, {scope_of(route)}}});
    return ways;
}

}  // namespace

std::vector<LiveRoute> routes_of(const http::Router& router) {
    std::vector<LiveRoute> routes;
    for (const http::Router::Route& route : router.routes())
        routes.push_back({route.method, route.pattern, route.options.needs});
    return routes;
}

std::string_view scope_of(const LiveRoute& route) {
    switch (route.needs) {
        case http::Needs::nothing:
            return "nothing";
        case http::Needs::read:
            return "read";
        case http::Needs::write:
            return "write";
        case http::Needs::tools:
            return "tools";
        case http::Needs::admin:
            return "admin";
        case http::Needs::by_method:
            break;
    }
    return route.method == http::Method::get ? "read" : "write";
}

Json assemble(std::span<const Part> parts, const std::vector<LiveRoute>& routes) {
    Json whole = Json::parse(parts.front().text);
    whole["info"]["version"] = ASSISTD_VERSION;
    for (const Part& part : parts.subspan(1)) merge(whole, part);
    const Json schemes = whole["components"]["securitySchemes"];
    const Json described = std::move(whole["paths"]);
    Json paths = Json::object();
    for (const auto& [path, operations] : described.items()) {
        for (const LiveRoute& route : routes) {
            const std::string method = key_of(route.method);
            if (route.path != path || !operations.contains(method)) continue;
            paths[path][method] = operations.at(method);
            paths[path][method]["security"] = security_for(route, schemes);
        }
    }
    whole["paths"] = std::move(paths);
    return whole;
}

}  // namespace assistd::api::openapi
