#pragma once
// Puts the description of the routes together. Pure functions.

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"

namespace assistd::api::openapi {

// One of the files of the description, as it was built in.
struct Part {
    std::string_view name;
    std::string_view text;
};
// The first one is the frame of the whole, and the others are put into it.
std::span<const Part> parts();

// A route without its handler.
struct LiveRoute {
    http::Method method = http::Method::get;
    std::string path;
    http::Needs needs = http::Needs::by_method;
};
std::vector<LiveRoute> routes_of(const http::Router& router);

// The scope that a caller needs: nothing, read, write, tools or admin.
std::string_view scope_of(const LiveRoute& route);

// The whole, with those of the described routes that are live. Throws std::logic_error when two parts
// describe the same thing.
nlohmann::ordered_json assemble(std::span<const Part> parts, const std::vector<LiveRoute>& routes);

}  // namespace assistd::api::openapi
