#include "app/requests.h"

#include <array>
#include <chrono>

#include "app/http_counts.h"
#include "base/log_fields.h"
#include "base/span.h"

namespace assistd::app {
namespace {

constexpr std::size_t longest_path = 200;  // of a line

std::string_view method_of(const http::RequestNote& note) {
    return note.method ? http::name_of(*note.method) : "none";
}

// What watchdogs and browsers ask all the time is of interest only when it goes wrong.
log::Level level_of(std::string_view door, int status) {
    const bool is_routine = door == "admin" || door == "web";
    return is_routine && status < 500 ? log::Level::debug : log::Level::info;
}

void write_line(const http::RequestNote& note, const http::Outcome& outcome, std::string_view door,
                std::chrono::nanoseconds spent) {
    const log::Level level = level_of(door, outcome.status);
    if (!log::shows(level)) return;
    const std::string_view path = std::string_view(note.path).substr(0, longest_path);
    std::array<log::Field, 10> fields{{{"method", method_of(note)},
                                       {"route", note.route},
                                       {"status", std::int64_t{outcome.status}},
                                       {"ms", std::chrono::duration<double, std::milli>(spent).count()},
                                       {"bytes", outcome.bytes},
                                       {"user", std::string_view(note.user)},
                                       {"peer", std::string_view(note.peer)},
                                       {"path", path}}};
    std::size_t count = 8;
    if (outcome.streamed) fields[count++] = {"streamed", std::string_view("true")};
    if (!outcome.delivered) fields[count++] = {"delivered", std::string_view("false")};
    log::line(level, "request", std::span(fields).first(count));
}

// After OpenTelemetry's conventions for HTTP servers.
SpanRecord span_of(const http::RequestNote& note, const http::Outcome& outcome,
                   std::chrono::nanoseconds spent) {
    SpanRecord span;
    span.trace = note.activity->trace;
    span.id = note.span;
    span.parent = span.trace.parent;
    span.kind = SpanKind::server;
    const std::string method(method_of(note));
    span.name = note.route.empty() ? method : method + " " + std::string(note.route);
    span.began = now() - std::chrono::duration_cast<std::chrono::microseconds>(spent);
    span.duration = spent;
    span.attributes = {{"http.request.method", method},
                       {"http.response.status_code", std::int64_t{outcome.status}},
                       {"url.path", note.path},
                       {"client.address", note.peer},
                       {"assistd.request_id", note.activity->request_id}};
    if (!note.route.empty()) span.attributes.emplace_back("http.route", std::string(note.route));
    if (!note.user.empty()) span.attributes.emplace_back("enduser.id", note.user);
    if (outcome.status >= 500) {
        span.failed = true;
        span.attributes.emplace_back("error.type", std::to_string(outcome.status));
    }
    return span;
}

}  // namespace

// Callers' traces are passed on, wherever ours go.
void Requests::arrived(Activity& activity) {
    if (!spans_) return;
    if (!activity.trace.is_there()) {
        activity.trace = new_trace(false);
        activity.trace.sampled = is_in_sample(activity.trace, sample_);
    }
    if (activity.trace.sampled) activity.spans = spans_;
}

void Requests::answered(const http::RequestNote& note, const http::Outcome& outcome) {
    const auto spent = std::chrono::steady_clock::now() - note.began;
    const std::string_view door = door_of(note.route);
    metrics_->answered(note, outcome);
    if (note.activity->spans && note.span != 0 && door != "admin")
        note.activity->spans->ended(span_of(note, outcome, spent));
    write_line(note, outcome, door, spent);
}

}  // namespace assistd::app
