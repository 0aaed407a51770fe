#include "tools/mcp/http_link.h"

#include <fmt/format.h>

#include "base/activity.h"
#include "base/pause.h"
#include "upstream/quoted_text.h"
#include "upstream/sse_reader.h"
#include "upstream/upstream_error.h"

namespace assistd::tools::mcp {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds for_ever = 24h * 365;
constexpr milliseconds shortest_retry = 100ms, longest_retry = 60s;
constexpr std::size_t longest_quote = 500;

constexpr const char* another_key =
    "; it wants a key, or another one: api_key_env, api_key_file, api_key_credential or headers of its entry "
    "in mcp.servers";

McpError error_of(const UpstreamError& error) {
    switch (error.fault) {
        case UpstreamFault::timeout:
            return {Fault::timeout, error.what()};
        case UpstreamFault::cancelled:
            return {Fault::cancelled, error.what()};
        case UpstreamFault::reply:
            return {Fault::broken, error.what()};
        default:
            return {Fault::gone, error.what()};
    }
}

}  // namespace

HttpLink::HttpLink(asio::io_context& context, std::shared_ptr<HttpClient> client, HttpPlan plan,
                   LinkEvents events)
    : Link(std::move(events)),
      strand_(asio::make_strand(context)),
      client_(std::move(client)),
      plan_(std::move(plan)) {}

std::string HttpLink::session() const {
    const std::lock_guard lock(http_mutex_);
    return session_;
}

std::stop_token HttpLink::begin(std::int64_t id) {
    const std::lock_guard lock(http_mutex_);
    if (stop_.stop_requested()) return stop_.get_token();
    return running_[id].get_token();
}

std::vector<std::string> HttpLink::common_headers(const Era& era) const {
    std::vector<std::string> lines = plan_.headers;
    if (!era.version.empty()) lines.push_back("MCP-Protocol-Version: " + era.version);
    const std::string id = session();
    if (!id.empty() && !era.modern) lines.push_back("MCP-Session-Id: " + id);
    return lines;
}

HttpRequest HttpLink::request(const Outgoing& outgoing, std::stop_token stop) const {
    std::vector<std::string> lines = common_headers(outgoing.era);
    lines.push_back("Content-Type: application/json");
    lines.push_back("Accept: application/json, text/event-stream");
    if (outgoing.era.modern && !outgoing.method.empty()) lines.push_back("Mcp-Method: " + outgoing.method);
    lines.insert(lines.end(), outgoing.headers.begin(), outgoing.headers.end());
    HttpRequest request;
    request.url = plan_.url;
    request.headers = std::make_shared<HttpHeaders>(lines);
    request.body = std::make_shared<const std::string>(outgoing.text);
    // Whoever waits looks after the limits: progress makes them longer, whatever stream it comes on.
    request.limits.idle = outgoing.limits.total + 1s;
    request.limits.total = outgoing.limits.total + 1s;
    request.stop = std::move(stop);
    return request;
}

void HttpLink::send(Outgoing outgoing) {
    std::stop_token stop = outgoing.id ? begin(*outgoing.id) : stop_.get_token();
    const auto self = std::static_pointer_cast<HttpLink>(shared_from_this());
    asio::co_spawn(continuing(strand_), exchange(self, std::move(outgoing), std::move(stop)), asio::detached);
}

Task<void> HttpLink::exchange(std::shared_ptr<HttpLink> self, Outgoing outgoing, std::stop_token stop) {
    const std::optional<std::int64_t> id = outgoing.id;
    std::optional<McpError> error = co_await self->post(std::move(outgoing), std::move(stop));
    if (!id) co_return;
    if (!error) error = McpError(Fault::broken, "ended its reply without an answer");
    self->fail(*id, *error);
    const std::lock_guard lock(self->http_mutex_);
    self->running_.erase(*id);
}

// Nothing, when it was accepted.
Task<std::optional<McpError>> HttpLink::post(Outgoing outgoing, std::stop_token stop) {
    std::optional<McpError> error;
    Place place;
    bool again = false;
    try {
        const bool had_session = !session().empty();
        HttpReply reply = client_->send(request(outgoing, stop));
        const HttpHead head = co_await reply.head();
        if (head.status < 200 || head.status > 299) {
            const std::string body = co_await whole_body(reply);
            error = refusal(head, body, had_session);
            // An error of the protocol, whatever the status: its receiver knows what to do.
            if (outgoing.id && error->fault == Fault::refused && error->code != 0) {
                fail(*outgoing.id, *error);
                co_return std::nullopt;
            }
            co_return error;
        }
        if (outgoing.method == "initialize" && !head.session_id.empty()) {
            const std::lock_guard lock(http_mutex_);
            session_ = head.session_id;
        }
        const Heard heard = co_await hear(reply, head, place);
        again =
            outgoing.id && is_pending(*outgoing.id) && heard == Heard::events && !place.last_event.empty();
    } catch (const UpstreamError& broken) {
        error = error_of(broken);
        // A stream that broke can be taken up as well as one that the server ended.
        again = outgoing.id && !place.last_event.empty() && error->fault == Fault::gone;
    }
    if (again) {
        co_await take_up_again(*outgoing.id, place, outgoing.limits, std::move(stop));
        co_return std::nullopt;
    }
    co_return error;
}

// The reply comes on another stream.
Task<void> HttpLink::take_up_again(std::int64_t id, Place place, Limits limits, std::stop_token stop) {
    std::optional<McpError> error;
    while (!error && is_pending(id) && !stop.stop_requested()) {
        co_await pause(place.retry, stop);
        try {
            const int status = co_await get(place, limits, stop);
            if (status != 200)
                error = McpError(Fault::gone, fmt::format("broke off its reply and answered {} when it was "
                                                          "asked for the rest",
                                                          status));
        } catch (const UpstreamError& broken) {
            if (broken.fault != UpstreamFault::connection) error = error_of(broken);
        }
    }
    if (error) fail(id, *error);
}

// What the server has to say by itself, or had to say behind `place`. Returns the status.
Task<int> HttpLink::get(Place& place, Limits limits, std::stop_token stop) {
    std::vector<std::string> lines = common_headers(era());
    lines.push_back("Accept: text/event-stream");
    if (!place.last_event.empty()) lines.push_back("Last-Event-ID: " + place.last_event);
    HttpRequest request;
    request.url = plan_.url;
    request.headers = std::make_shared<HttpHeaders>(lines);
    request.limits.idle = limits.total;
    request.limits.total = limits.total;
    request.stop = std::move(stop);
    HttpReply reply = client_->send(std::move(request));
    const HttpHead head = co_await reply.head();
    if (head.status == 200) co_await hear(reply, head, place);
    co_return head.status;
}

Task<HttpLink::Heard> HttpLink::hear(HttpReply& reply, const HttpHead& head, Place& place) {
    if (!head.content_type.starts_with("text/event-stream")) {
        const std::string body = co_await whole_body(reply);
        if (body.empty()) co_return Heard::nothing;
        if (take(body)) co_return Heard::json;
        throw UpstreamError(UpstreamFault::reply, "sent what is no MCP message: " +
                                                      quoted(plan_.secrets.blot_out(on_one_line(body)), 200));
    }
    SseLimits limits;
    limits.line_bytes = limits.event_bytes = longest_message;
    SseReader reader(limits);
    const SseReader::Sink sink = [&](const SseEvent& event) {
        if (!event.data.empty()) take(event.data);
    };
    const auto note_place = [&] {
        if (!reader.last_id().empty()) place.last_event = reader.last_id();
        if (reader.retry()) place.retry = std::clamp(*reader.retry(), shortest_retry, longest_retry);
    };
    std::string bytes;
    while (co_await reply.read(bytes)) {
        reader.feed(bytes, sink);
        note_place();
    }
    reader.finish(sink);
    note_place();
    co_return Heard::events;
}

Task<std::string> HttpLink::whole_body(HttpReply& reply) {
    std::string whole, bytes;
    while (co_await reply.read(bytes)) {
        if (whole.size() + bytes.size() > longest_message)
            throw UpstreamError(UpstreamFault::reply,
                                fmt::format("sent a reply of more than {} bytes", longest_message));
        whole += bytes;
    }
    co_return whole;
}

McpError HttpLink::refusal(const HttpHead& head, const std::string& body, bool has_session) {
    const std::string said = plan_.secrets.blot_out(on_one_line(body));
    const std::vector<Incoming> messages = read_messages(body);
    const bool is_error = messages.size() == 1 && messages.front().kind == Incoming::Kind::error;
    // The specification says 404; servers that look the session up by themselves say 400.
    if (has_session && (head.status == 404 || head.status == 400))
        return {Fault::session_lost, "does not know our session any more"};
    McpError error(Fault::refused, fmt::format("answered {}{}", head.status,
                                               said.empty() ? "" : ": " + quoted(said, longest_quote)));
    if (head.status == 401 || head.status == 403)
        error = McpError(Fault::unauthorized, error.what() + std::string(another_key));
    if (head.status >= 300 && head.status <= 399 && !head.location.empty())
        error =
            McpError(Fault::refused,
                     fmt::format("answered {}, which leads to {}; redirects are not followed, so give its "
                                 "url in mcp.servers that address if you trust it",
                                 head.status,
                                 quoted(plan_.secrets.blot_out(on_one_line(head.location)), longest_quote)));
    if (head.status >= 500) error = McpError(Fault::gone, error.what());
    if (is_error && error.fault == Fault::refused) {
        error = refusal_of(plan_.secrets.blot_out(messages.front().text));
        error.code = messages.front().code;
        error.data = messages.front().body;
    }
    error.http_status = head.status;
    return error;
}

Task<void> HttpLink::tell(std::string method, Json params) {
    Outgoing outgoing;
    outgoing.era = era();
    outgoing.text = notification_text(method, params);
    outgoing.method = std::move(method);
    outgoing.limits.total = 10s;
    const std::optional<McpError> error = co_await post(std::move(outgoing), stop_.get_token());
    if (error) throw McpError(*error);
}

void HttpLink::forget(std::int64_t id, const std::string& method) {
    std::stop_source running;
    {
        const std::lock_guard lock(http_mutex_);
        const auto found = running_.find(id);
        if (found == running_.end()) return;
        running = found->second;
    }
    running.request_stop();
    // In the modern era that is all: closing the stream cancels.
    if (era().modern || method == "initialize") return;
    Outgoing outgoing;
    outgoing.era = era();
    outgoing.method = "notifications/cancelled";
    outgoing.text =
        notification_text(outgoing.method, {{"requestId", id}, {"reason", "Nobody waits for it any more."}});
    outgoing.limits.total = 10s;
    send(std::move(outgoing));
}

void HttpLink::listen() {
    if (era().modern) return;
    const auto self = std::static_pointer_cast<HttpLink>(shared_from_this());
    asio::co_spawn(strand_, hear_server(self), asio::detached);
}

// Servers that have no such stream say 405.
Task<void> HttpLink::hear_server(std::shared_ptr<HttpLink> self) {
    const std::stop_token stop = self->stop_.get_token();
    Place place;
    milliseconds wait = place.retry;
    bool was_open = false;
    while (!stop.stop_requested()) {
        bool broken = false;
        const auto began = Clock::now();
        try {
            const Limits limits{for_ever, for_ever};
            const int status = co_await self->get(place, limits, stop);
            // Of a server that never had such a stream it says no more than 405 does.
            if (status == 404 && was_open && !self->session().empty()) {
                const McpError lost(Fault::session_lost, "does not know our session any more");
                if (self->events_.ended) self->events_.ended(lost);
                co_return;
            }
            if (status < 200 || (status > 299 && status < 500)) co_return;
            broken = status >= 500;
            was_open = was_open || !broken;
        } catch (const UpstreamError&) {
            broken = true;
        }
        const bool lasted = Clock::now() - began > 10s;
        wait = lasted || !broken ? place.retry : std::min(wait * 2, longest_retry);
        co_await pause(wait, stop);
    }
}

Task<void> HttpLink::do_close() {
    const std::string id = session();
    const McpError over(Fault::gone, "is not asked any more: the daemon ends the connection");
    end(over, false);
    stop_.request_stop();  // before the list is taken: nothing joins it any more
    std::map<std::int64_t, std::stop_source> running;
    {
        const std::lock_guard lock(http_mutex_);
        running.swap(running_);
        session_.clear();
    }
    for (auto& [number, source] : running) source.request_stop();
    if (id.empty()) co_return;
    std::vector<std::string> lines = common_headers(era());
    lines.push_back("MCP-Session-Id: " + id);
    HttpRequest request;
    request.method = "DELETE";
    request.url = plan_.url;
    request.headers = std::make_shared<HttpHeaders>(lines);
    request.limits = {500ms, 500ms, 500ms};
    try {
        HttpReply reply = client_->send(std::move(request));
        co_await reply.head();
        reply.let_end();
    } catch (const UpstreamError&) {
        // It forgets us by itself.
    }
}

}  // namespace assistd::tools::mcp
