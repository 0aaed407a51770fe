#include "http/route_table.h"

#include <pistache/http.h>
#include <pistache/router.h>

#include <algorithm>

#include "http/percent.h"

namespace assistd::http {
namespace {

// Carries what was found out of Pistache's router, whose handlers see nothing but the request.
class FoundRoute : public Pistache::Http::Header::Header {
  public:
    NAME("X-Found-Route")
    explicit FoundRoute(const RouteTable::Entry** found) : found_(found) {}
    void write(std::ostream&) const override {}
    void set(const RouteTable::Entry* entry) const { *found_ = entry; }

  private:
    const RouteTable::Entry** found_;
};

// A ResponseWriter asks its handler for limits, also when nothing is ever written.
class NoHandler : public Pistache::Http::Handler {
  public:
    HTTP_PROTOTYPE(NoHandler)
    void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}
    void onInput(const char*, std::size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {}
};

Pistache::Http::Method pistache_method(Method method) {
    switch (method) {
        case Method::get:
            return Pistache::Http::Method::Get;
        case Method::head:
            return Pistache::Http::Method::Head;
        case Method::post:
            return Pistache::Http::Method::Post;
        case Method::put:
            return Pistache::Http::Method::Put;
        case Method::patch:
            return Pistache::Http::Method::Patch;
        case Method::del:
            return Pistache::Http::Method::Delete;
        case Method::options:
            return Pistache::Http::Method::Options;
    }
    throw std::logic_error("a method without a number");
}

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

// As Target::canonical writes it.
std::string path_of(const std::vector<std::string>& segments) {
    std::string path;
    for (const std::string& segment : segments) path += "/" + percent_encode(segment);
    return path.empty() ? "/" : path;
}

std::string named(Method method, const std::string& canonical) {
    return std::string(name_of(method)) + " " + canonical;
}

bool is_below(std::string_view path, std::string_view prefix) {
    return prefix == "/" ||
           (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/'));
}

}  // namespace

struct RouteTable::Tree {
    Pistache::Rest::Router router;
    NoHandler handler;

    void add(const Entry& entry) {
        std::string resource;
        // Every value has the same name, so that the tree does not fork where two patterns call it
        // differently.
        for (const std::string& segment : segments_of(entry.route.pattern))
            resource += is_value(segment) ? "/:value" : "/" + percent_encode(segment);
        router.addRoute(pistache_method(entry.route.method), resource.empty() ? "/" : resource,
                        [&entry](const Pistache::Rest::Request& request, Pistache::Http::ResponseWriter) {
                            request.headers().get<FoundRoute>()->set(&entry);
                            return Pistache::Rest::Route::Result::Ok;
                        });
    }

    // From here on route() only reads: it makes a method's tree when it first meets the method, and looks for
    // methods to suggest when nobody answers.
    void seal() {
        for (const auto method :
             {Pistache::Http::Method::Options, Pistache::Http::Method::Get, Pistache::Http::Method::Post,
              Pistache::Http::Method::Head, Pistache::Http::Method::Put, Pistache::Http::Method::Patch,
              Pistache::Http::Method::Delete, Pistache::Http::Method::Trace,
              Pistache::Http::Method::Connect}) {
            const auto ignore = [](const Pistache::Rest::Request&, Pistache::Http::ResponseWriter) {
                return Pistache::Rest::Route::Result::Ok;
            };
            router.addRoute(method, "/%00", ignore);  // NUL is refused before routing, so this never matches
        }
        router.addCustomHandler([](const Pistache::Rest::Request&, Pistache::Http::ResponseWriter) {
            return Pistache::Rest::Route::Result::Ok;
        });
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
        if (entry.values.empty()) whole_paths_.emplace(named(route.method, path_of(segments)), &entry);
    }
    tree_->seal();
    if (router.unknown()) unknown_ = Entry{*router.unknown(), {}};
    std::stable_sort(renderers_.begin(), renderers_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

RouteTable::~RouteTable() = default;

const RouteTable::Entry* RouteTable::match(Method method, const std::string& canonical) const {
    const std::string name = named(method, canonical);
    if (const auto whole = whole_paths_.find(name); whole != whole_paths_.end()) return whole->second;
    const std::string line = name + " HTTP/1.1\r\n\r\n";
    Pistache::Http::RequestParser parser(line.size());
    if (!parser.feed(line.data(), line.size()) || parser.parse() != Pistache::Http::Private::State::Done)
        throw Error(ErrorCode::internal, "The router does not understand its own request line: " + line);
    const Entry* found = nullptr;
    parser.request.headers().add<FoundRoute>(&found);
    Pistache::Http::ResponseWriter never_used(Pistache::Http::Version::Http11, nullptr, &tree_->handler, {});
    tree_->router.route(parser.request, std::move(never_used));
    return found;
}

const RouteTable::Entry* RouteTable::find(Method method, const Target& target) const {
    if (target.asterisk) return nullptr;
    const Entry* entry = match(method, target.canonical);
    if (entry == nullptr && method == Method::head) entry = match(Method::get, target.canonical);
    return entry;
}

std::string RouteTable::allowed_methods(const Target& target) const {
    std::string allowed;
    for (const Method method :
         {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options})
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
