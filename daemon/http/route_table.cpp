#include "http/route_table.h"

#include <pistache/router.h>

#include <algorithm>
#include <array>
#include <memory>

#include "http/percent.h"

namespace assistd::http {
namespace {

using Node = Pistache::Rest::SegmentTreeNode;

constexpr std::array all_methods{Method::get,   Method::head, Method::post,   Method::put,
                                 Method::patch, Method::del,  Method::options};

// What the tree keeps for a route, and is never called: it says which route that is.
struct Leads {
    const RouteTable::Entry* to;

    Pistache::Rest::Route::Result operator()(const Pistache::Rest::Request&,
                                             const Pistache::Http::ResponseWriter&) const {
        return Pistache::Rest::Route::Result::Ok;
    }
};

std::vector<std::string> segments_of(std::string_view pattern) {
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const std::string_view segment = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(segment.size());
        if (!segment.empty()) segments.emplace_back(segment);
    }
    return segments;
}

bool is_value(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

bool is_below(std::string_view path, std::string_view prefix) {
    return prefix == "/" ||
           (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/'));
}

}  // namespace

// A tree of path segments for each method.
struct RouteTable::Tree {
    std::array<Node, all_methods.size()> of_method;

    Node& of(Method method) { return of_method[static_cast<std::size_t>(method)]; }

    void add(const Entry& entry) {
        std::string path;
        // Every value has the same name, so that the tree does not fork where two patterns call it
        // differently.
        for (const std::string& segment : segments_of(entry.route.pattern))
            path += (path.empty() ? "" : "/") + (is_value(segment) ? ":value" : percent_encode(segment));
        // The tree refers to the text for as long as it lives.
        const std::shared_ptr<char> text(new char[path.size() + 1], std::default_delete<char[]>());
        path.copy(text.get(), path.size());
        of(entry.route.method).addRoute({text.get(), path.size()}, Leads{&entry}, text);
    }

    const Entry* find(Method method, std::string_view path) {
        const auto [route, values, rest] = of(method).findRoute(path);
        return route ? route->handler_.target<Leads>()->to : nullptr;
    }
};

RouteTable::RouteTable(Router router)
    : renderers_(router.error_renderers()), tree_(std::make_unique<Tree>()) {
    entries_.reserve(router.routes().size());  // the tree points into it
    for (const Router::Route& route : router.routes()) {
        Entry& entry = entries_.emplace_back(Entry{route, {}});
        const auto segments = segments_of(route.pattern);
        for (std::size_t i = 0; i < segments.size(); ++i)
            if (is_value(segments[i]))
                entry.values.emplace_back(i, segments[i].substr(1, segments[i].size() - 2));
        tree_->add(entry);
    }
    if (router.unknown()) unknown_ = Entry{*router.unknown(), {}};
    std::stable_sort(renderers_.begin(), renderers_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

RouteTable::~RouteTable() = default;

const RouteTable::Entry* RouteTable::find(Method method, const Target& target) const {
    if (target.asterisk) return nullptr;
    const std::string_view path = std::string_view(target.canonical).substr(1);  // without its first slash
    const Entry* entry = tree_->find(method, path);
    if (entry == nullptr && method == Method::head) entry = tree_->find(Method::get, path);
    return entry;
}

std::string RouteTable::allowed_methods(const Target& target) const {
    std::string allowed;
    for (const Method method : all_methods)
        if (target.asterisk || find(method, target) != nullptr) allowed.append(name_of(method)).append(", ");
    if (allowed.empty()) return allowed;
    if (!allowed.ends_with("OPTIONS, ")) return allowed + "OPTIONS";
    allowed.resize(allowed.size() - 2);
    return allowed;
}

Reply RouteTable::render(const Error& error, std::string_view path, std::string_view request_id) const {
    for (const auto& [prefix, renderer] : renderers_)
        if (is_below(path, prefix)) return renderer(error, request_id);
    return error_reply(error, request_id);
}

}  // namespace assistd::http
