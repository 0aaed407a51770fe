#include "http/router.h"

#include <stdexcept>

namespace assistd::http {
namespace {

// "/a/{id}/b" -> "/a/{}/b": two patterns of one shape match the same paths.
std::string shape_of(std::string_view pattern) {
    std::string shape;
    bool inside = false;
    for (const char c : pattern) {
        if (c == '}') inside = false;
        if (!inside) shape += c;
        if (c == '{') inside = true;
    }
    return shape;
}

}  // namespace

Scope scope_for(Needs needs, Method method) {
    switch (needs) {
        case Needs::read:
            return Scope::read;
        case Needs::write:
            return Scope::write;
        case Needs::tools:
            return Scope::tools;
        case Needs::admin:
            return Scope::admin;
        case Needs::nothing:
        case Needs::by_method:
            break;
    }
    return method == Method::get || method == Method::head ? Scope::read : Scope::write;
}

void Router::add(Method method, std::string pattern, Handler handler, RouteOptions options) {
    if (pattern.empty() || pattern.front() != '/')
        throw std::logic_error("a route's pattern begins with a slash: " + pattern);
    if (pattern.size() > 1 && pattern.back() == '/') pattern.pop_back();
    for (const Route& route : routes_)
        if (route.method == method && shape_of(route.pattern) == shape_of(pattern))
            throw std::logic_error("there is a route of this shape already: " + std::string(name_of(method)) +
                                   " " + pattern);
    routes_.push_back({method, std::move(pattern), std::move(handler), options});
}

void Router::answer_unknown(Handler handler, RouteOptions options) {
    unknown_ = {Method::get, "", std::move(handler), std::move(options)};
}

void Router::render_errors_below(std::string prefix, ErrorRenderer renderer) {
    while (prefix.size() > 1 && prefix.back() == '/') prefix.pop_back();
    renderers_.emplace_back(std::move(prefix), std::move(renderer));
}

}  // namespace assistd::http
