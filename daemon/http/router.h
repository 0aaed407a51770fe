#pragma once
// The table of routes: filled once before the server starts, read by every request afterwards.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "http/reply.h"
#include "http/request.h"

namespace assistd::http {

// A handler is a coroutine on a strand of its own. What it throws becomes the error reply of the route's
// door.
using Handler = std::function<Task<Reply>(Request)>;
using ErrorRenderer = std::function<Reply(const Error&, std::string_view request_id)>;

// What a caller needs for a route. by_method: read for GET and HEAD, write for the others. nothing: it is
// open to everybody, and the request has no user.
enum class Needs { by_method, nothing, read, write, tools, admin };
Scope scope_for(Needs needs, Method method);  // of a route that needs something

struct RouteOptions {
    std::int64_t max_body = 1 << 20;  // bytes; more is answered 413 before it is read
    bool body_to_file = false;        // Request::body_file instead of Request::body
    // The name of the one file in a form (multipart/form-data): Request::form instead of Request::body.
    // Empty: the body is no form. With body_to_file it may be one or the other, as its Content-Type says.
    std::string form_file = {};
    bool foreign_origins_may_read = true;  // false: GET also is refused to pages of other origins
    Needs needs = Needs::by_method;
    // What says how the daemon is: never refused for how much is asked, and never queued behind other
    // requests.
    bool always_served = false;
    // The handler does little before it waits for something else, such as a model. While nothing else is
    // asked, it begins on the thread that has read the request: waking another one would take longer.
    bool waits_soon = false;
    // Asked as soon as the head is there, if that says whose request it is: throws Error to refuse it before
    // its body is read. What is returned goes with the request (Request::from_door). Quick; any thread. May
    // be empty.
    std::function<std::shared_ptr<void>(const Request&)> at_door = {};
};

class Router {
  public:
    // `pattern` is a path such as "/api/v1/ai/conversations/{id}/chat"; a value in braces is one segment,
    // which may hold encoded slashes. Throws std::logic_error when the same method and shape are there
    // already.
    void add(Method method, std::string pattern, Handler handler, RouteOptions options = {});
    // How errors below a path are written, for the doors that have a shape of their own; the longest prefix
    // wins.
    void render_errors_below(std::string prefix, ErrorRenderer renderer);

    // Answers people's browsers (GET, and HTML is accepted) at addresses that no route has; programs get the
    // error.
    void answer_unknown(Handler handler, RouteOptions options);

    struct Route {
        Method method;
        std::string pattern;
        Handler handler;
        RouteOptions options;
    };
    const std::vector<Route>& routes() const { return routes_; }
    const std::optional<Route>& unknown() const { return unknown_; }
    const std::vector<std::pair<std::string, ErrorRenderer>>& error_renderers() const { return renderers_; }

  private:
    std::vector<Route> routes_;
    std::optional<Route> unknown_;
    std::vector<std::pair<std::string, ErrorRenderer>> renderers_;
};

}  // namespace assistd::http
