#include "http/service.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <thread>

#include "base/ids.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/stay_executor.h"
#include "http/authenticator.h"
#include "http/body_reader.h"
#include "http/connection.h"
#include "http/gzip.h"

namespace assistd::http {
namespace {

bool is_sane_id(std::string_view id) {
    return !id.empty() && id.size() <= 128 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// Empty: there is none, or what is there is none.
std::string id_in(const Headers& headers, std::string_view name) {
    const auto found = headers.find(name);
    return found != headers.end() && is_sane_id(found->second) ? found->second : std::string();
}

ReplyContext context_of(const Head& head) {
    ReplyContext context;
    context.http11 = head.http11;
    context.keep_alive = head.keep_alive;
    context.head_only = head.method == Method::head;
    const auto encoding = head.headers.find("Accept-Encoding");
    context.accepts_gzip = encoding != head.headers.end() && accepts_gzip(encoding->second);
    context.correlation_id = id_in(head.headers, "X-Correlation-ID");
    context.request_id = id_in(head.headers, "X-Request-ID");
    if (context.request_id.empty()) context.request_id = context.correlation_id;
    if (context.request_id.empty()) context.request_id = "req_" + Uuid::make().hex();
    context.path = head.target.path;
    return context;
}

std::shared_ptr<Activity> activity_of(const ReplyContext& context) {
    auto activity = std::make_shared<Activity>();
    activity->request_id = context.request_id;
    if (context.correlation_id != context.request_id) activity->correlation_id = context.correlation_id;
    return activity;
}

// A person who opens an address names HTML; programs and pages' own requests do not.
bool is_from_browser(const Head& head) {
    const auto accept = head.headers.find("Accept");
    return (head.method == Method::get || head.method == Method::head) && accept != head.headers.end() &&
           accept->second.find("text/html") != std::string::npos;
}

// Throws Error{forbidden} when the credential does not reach so far.
void admit_as(Identity identity, Needs needs, Request& request) {
    const Scope scope = scope_for(needs, request.method);
    if (scope == Scope::admin && !identity.rights.admin)
        throw Error(ErrorCode::forbidden, "Only an administrator may do this; " + identity.user +
                                              " is none, or uses a key that does not reach so far.");
    if (!identity.rights.scopes.has(scope))
        throw Error(ErrorCode::forbidden, "This needs a key with the scope \"" + std::string(name_of(scope)) +
                                              "\", which the one that was sent does not have.");
    request.user = std::move(identity.user);
    request.rights = std::move(identity.rights);
}

// What is read in less time than another thread takes to wake.
constexpr std::size_t brief_body = 16 << 10;

// The threads of the io_context: whoever has done a step posts the next one, so none of them waits for it.
int steps_at_once() {
    return static_cast<int>(std::max(2u, std::thread::hardware_concurrency()));
}

}  // namespace

Service::Service(boost::asio::io_context& io, ServerOptions options, Router router)
    : io_(io),
      options_(std::move(options)),
      access_(AccessRules(options_)),
      routes_(std::move(router)),
      queue_(std::make_shared<FairQueue>(io, steps_at_once(), options_.request_wait,
                                         std::chrono::steady_clock::now)) {}

Exchange Service::admit(Head head, const std::string& socket_peer) const {
    Exchange exchange;
    exchange.context = context_of(head);
    note(head, socket_peer, exchange);
    const ActivityScope scope(exchange.note.activity);
    access_.latest()->fill_cors(head.headers, exchange.context);
    try {
        route(head, socket_peer, exchange);
    } catch (const Error& error) {
        exchange.reply = render(error, exchange.context);
        if (error.code() == ErrorCode::method_not_allowed)
            exchange.reply->with("Allow", routes_.allowed_methods(head.target));
    } catch (const std::exception& error) {
        log::error("routing failed what={}", log::quoted(error.what()));
        exchange.reply = render(Error(ErrorCode::internal, "routing failed"), exchange.context);
    } catch (...) {
        log::error("routing failed with an unknown exception");
        exchange.reply = render(Error(ErrorCode::internal, "routing failed"), exchange.context);
    }
    if (exchange.reply) {
        tell_limits(exchange, *exchange.reply);
        if (head.has_body()) keep_connection(head, exchange);
    }
    return exchange;
}

void Service::route(Head& head, const std::string& socket_peer, Exchange& exchange) const {
    const auto access = access_.latest();
    exchange.route = routes_.find(head.method, head.target);
    if (exchange.route != nullptr) exchange.note.route = exchange.route->route.pattern;
    const bool always_served = exchange.route != nullptr && exchange.route->route.options.always_served;
    std::string peer = access->client_address(socket_peer, head.headers);
    if (!always_served) count_address(peer, exchange);
    access->check(head, socket_peer);
    if (exchange.route == nullptr) {
        const std::string allowed = routes_.allowed_methods(head.target);
        if (allowed.empty() && is_from_browser(head)) exchange.route = routes_.unknown();
        if (allowed.empty() && exchange.route == nullptr)
            throw Error(ErrorCode::not_found, "There is nothing at \"" + head.target.path + "\".");
        if (!allowed.empty() && head.method != Method::options)
            throw Error(ErrorCode::method_not_allowed, "\"" + head.target.path + "\" cannot be asked with " +
                                                           std::string(name_of(head.method)) +
                                                           ", only with " + allowed + ".");
        if (!allowed.empty()) {
            exchange.reply = access->options_reply(head.headers, exchange.context, allowed);
            return;
        }
    }
    if (!exchange.route->route.options.foreign_origins_may_read) access->check_origin(head, socket_peer);
    if (head.content_length > exchange.route->route.options.max_body)
        throw body_too_large(exchange.route->route.options.max_body);
    exchange.note.route = exchange.route->route.pattern;
    Request& request = exchange.request;
    request.method = head.method;
    request.path = std::move(head.target.path);
    for (const auto& [index, name] : exchange.route->values)
        request.path_values.emplace(name, std::move(head.target.segments[index]));
    request.query = std::move(head.target.query);
    request.peer = std::move(peer);
    // Only proxies that are trusted know how their clients asked.
    if (!access->is_trusted(socket_peer)) head.headers.erase("X-Forwarded-Proto");
    request.headers = std::move(head.headers);
    request.request_id = exchange.context.request_id;
    identify(head, exchange);
    if (exchange.identified) count_user(request, exchange);
    if (!always_served) enter(exchange);
}

void Service::identify(const Head& head, Exchange& exchange) const {
    Request& request = exchange.request;
    const Needs needs = exchange.route->route.options.needs;
    if (needs == Needs::nothing) return;
    if (options_.authenticator == nullptr) {
        request.user = exchange.note.user = "local";
        request.rights = {.admin = true, .scopes = every_scope, .credential = {}};
        return;
    }
    auto identity = options_.authenticator->identify({request.headers, request.method, request.peer});
    exchange.identified = identity.has_value();
    if (!identity) {
        boost::asio::co_spawn(io_, options_.authenticator->prepare_look_up(), boost::asio::detached);
        return hold_off_unknown(head, exchange);
    }
    exchange.note.user = identity->user;
    admit_as(std::move(*identity), needs, request);
}

Task<void> Service::look_up(Exchange& exchange) const {
    Request& request = exchange.request;
    Credentials credentials{request.headers, request.method, request.peer};
    Identity identity = co_await options_.authenticator->look_up(credentials);
    exchange.note.user = identity.user;
    admit_as(std::move(identity), exchange.route->route.options.needs, request);
}

// The disk is for those who may use it, and most of the memory.
void Service::hold_off_unknown(const Head& head, const Exchange& exchange) const {
    const RouteOptions& options = exchange.route->route.options;
    const bool to_disk = options.body_to_file || !options.form_file.empty();
    const std::int64_t most = to_disk ? 0 : options_.limits.unknown_body_bytes;
    if (!head.chunked && head.content_length <= most) return;
    const Request& request = exchange.request;
    options_.authenticator->check_so_far({request.headers, request.method, request.peer});
}

// Whose request it is, and where it stands in its caller's trace. Of several traceparent headers none counts,
// as the specification has it.
void Service::note(const Head& head, const std::string& socket_peer, Exchange& exchange) const {
    RequestNote& note = exchange.note;
    note.method = head.method;
    note.path = exchange.context.path;
    note.peer = access_.latest()->client_address(socket_peer, head.headers);
    note.activity = activity_of(exchange.context);
    const auto [first, last] = head.headers.equal_range("traceparent");
    if (first != last && std::next(first) == last) {
        if (auto trace = read_traceparent(first->second)) {
            std::string state;
            const auto [from, to] = head.headers.equal_range("tracestate");
            for (auto one = from; one != to; ++one) state += (state.empty() ? "" : ",") + one->second;
            trace->state = read_tracestate(state);
            note.activity->trace = std::move(*trace);
        }
    }
    if (options_.observer) options_.observer->arrived(*note.activity);
    if (note.activity->trace.is_there()) note.span = note.activity->doing = new_span_id();
}

RequestNote Service::note_of(const ReplyContext& context, const std::string& socket_peer) const {
    RequestNote note;
    note.activity = activity_of(context);
    note.path = context.path;
    note.peer = socket_peer;
    return note;
}

void Service::answered(const RequestNote& note, const Outcome& outcome) const {
    if (options_.observer == nullptr) return;
    const ActivityScope scope(note.activity);
    options_.observer->answered(note, outcome);
}

Reply Service::render(const Error& error, const ReplyContext& context) const {
    // Renderers of other doors get no text that is meant for the log.
    static const std::string general =
        "Something went wrong inside the server. Its log has the details under this request id.";
    const bool internal = error.code() == ErrorCode::internal;
    Reply reply = routes_.render(internal ? Error(ErrorCode::internal, general) : error, context.path,
                                 context.request_id);
    if (error.code() == ErrorCode::unauthenticated && header_of(reply, "WWW-Authenticate").empty())
        reply.with("WWW-Authenticate", "Bearer realm=\"assistd\"");
    const bool busy = error.code() == ErrorCode::rate_limited || error.code() == ErrorCode::unavailable;
    if ((busy || error.retry_after()) && header_of(reply, "Retry-After").empty())
        reply.with("Retry-After",
                   std::to_string(error.retry_after().value_or(std::chrono::seconds(1)).count()));
    return reply;
}

Task<Reply> Service::answer(Exchange& exchange) const {
    Reply reply = co_await handle(exchange);
    tell_limits(exchange, reply);
    co_return reply;
}

// At the last moment: the request may have waited for its place.
void Service::ask_whether_admitted(const Exchange& exchange) const {
    const Needs needs = exchange.route->route.options.needs;
    if (options_.admits && needs != Needs::nothing && needs != Needs::admin)
        options_.admits(exchange.request.user);
}

Task<Reply> Service::handle(Exchange& exchange) const {
    std::optional<Error> failure;
    try {
        if (!exchange.identified) {
            co_await look_up(exchange);
            count_user(exchange.request, exchange);
        }
        ask_whether_admitted(exchange);
        co_return co_await exchange.route->route.handler(std::move(exchange.request));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::internal)
            log::error("internal error what={}", log::quoted(error.what()));
        failure = error;
    } catch (const std::exception& error) {
        log::error("a handler failed what={}", log::quoted(error.what()));
    } catch (...) {
        log::error("a handler failed with an unknown exception");
    }
    if (!failure) failure = Error(ErrorCode::internal, "a handler failed");
    co_return render(*failure, exchange.context);
}

void Service::spawn(std::shared_ptr<Connection> connection, Exchange exchange, FairQueue::Where where) const {
    const std::weak_ptr<Connection> watched = connection;
    const std::shared_ptr<Activity> activity = exchange.note.activity;
    const auto ended = [watched, activity, at_work = at_work_](const std::exception_ptr& error) {
        --*at_work;
        if (!error) return;
        const ActivityScope scope(activity);
        log::error("a reply could not be written");
        if (const auto held = watched.lock()) held->kill();
    };
    const std::string subject = exchange.subject;
    const bool others_are_at_work = (*at_work_)++ > 0;
    const bool is_brief =
        exchange.route->route.options.waits_soon && exchange.request.body.size() <= brief_body;
    if (others_are_at_work || !is_brief) where = FairQueue::Where::io_context;
    // What a handler sets off goes on where the handler ran, and later in its subject's lane.
    const LanePtr lane = subject.empty() ? nullptr : queue_->lane(subject);
    auto begin = [&io = io_, ended, activity, lane, connection = std::move(connection),
                  exchange = std::make_shared<Exchange>(std::move(exchange))]() mutable {
        StayHere here;
        boost::asio::co_spawn(working_for(activity, boost::asio::make_strand(StayExecutor(io, lane))),
                              serve(std::move(connection), std::move(*exchange)), ended);
        here.run();
    };
    if (subject.empty())
        boost::asio::post(io_, std::move(begin));
    else
        queue_->run(subject, std::move(begin), where);
}

}  // namespace assistd::http
