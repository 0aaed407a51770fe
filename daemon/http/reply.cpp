#include "http/reply.h"

#include <nlohmann/json.hpp>

namespace assistd::http {
namespace {

std::string_view type_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::unauthenticated:
            return "authentication_error";
        case ErrorCode::forbidden:
            return "permission_error";
        case ErrorCode::not_found:
            return "not_found_error";
        case ErrorCode::timeout:
            return "timeout_error";
        case ErrorCode::conflict:
            return "conflict_error";
        case ErrorCode::validation:
            return "validation_error";
        case ErrorCode::rate_limited:
            return "rate_limit_error";
        case ErrorCode::internal:
        case ErrorCode::not_implemented:
            return "server_error";
        case ErrorCode::provider_failed:
        case ErrorCode::provider_timeout:
            return "provider_error";
        case ErrorCode::unavailable:
            return "unavailable_error";
        case ErrorCode::cancelled:
            return "cancelled_error";
        default:
            return "invalid_request_error";
    }
}

bool wants_retry_after(ErrorCode code) {
    return code == ErrorCode::rate_limited || code == ErrorCode::unavailable;
}

}  // namespace

bool write_event(StreamWriter& out, std::string_view name, std::string_view data, std::string_view id) {
    std::string event;
    event.reserve(name.size() + data.size() + id.size() + 32);
    if (!id.empty()) event.append("id: ").append(id).append("\n");
    if (!name.empty()) event.append("event: ").append(name).append("\n");
    // A line of an event ends at CR, LF or CR LF; each line of the data gets its own field.
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = data.find_first_of("\r\n", begin);
        event.append("data: ").append(data.substr(begin, end - begin)).append("\n");
        if (end == std::string_view::npos) break;
        begin = end + (data.substr(end, 2) == "\r\n" ? 2 : 1);
    }
    event += '\n';
    return out.write(event);
}

Reply Reply::json(std::string body, int status) {
    return text(std::move(body), "application/json", status);
}

Reply Reply::text(std::string body, std::string content_type, int status) {
    Reply reply;
    reply.status = status;
    reply.headers.emplace_back("Content-Type", std::move(content_type));
    reply.body = std::move(body);
    return reply;
}

Reply Reply::empty(int status) {
    Reply reply;
    reply.status = status;
    return reply;
}

Reply Reply::file(FileBody body, std::string content_type) {
    Reply reply;
    reply.headers.emplace_back("Content-Type", std::move(content_type));
    reply.body = std::move(body);
    return reply;
}

Reply Reply::event_stream(StreamBody body) {
    Reply reply;
    reply.headers.emplace_back("Content-Type", "text/event-stream");
    reply.headers.emplace_back("Cache-Control", "no-store");
    reply.headers.emplace_back("X-Accel-Buffering", "no");  // nginx would keep the events back
    reply.body = std::move(body);
    return reply;
}

Reply error_reply(const Error& error, std::string_view request_id) {
    const bool internal = error.code() == ErrorCode::internal;
    nlohmann::ordered_json body = {
        {"type", type_of(error.code())},
        {"code", name_of(error.code())},
        {"message",
         internal ? "Something went wrong inside the server. Its log has the details under this request id."
                  : error.what()}};
    if (!internal && !error.fields().empty()) {
        auto& details = body["details"] = nlohmann::ordered_json::array();
        for (const FieldError& field : error.fields())
            details.push_back({{"field", field.field}, {"message", field.message}});
    }
    body["request_id"] = request_id;
    const nlohmann::ordered_json document = {{"error", std::move(body)}};
    // Messages may quote what a client sent, which need not be valid UTF-8.
    Reply reply = Reply::json(document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                              status_of(error.code()));
    add_retry_after(reply, error);
    return reply;
}

void add_retry_after(Reply& reply, const Error& error) {
    if (!error.retry_after() && !wants_retry_after(error.code())) return;
    const auto wait = error.retry_after().value_or(std::chrono::seconds(1));
    reply.with("Retry-After", std::to_string(wait.count()));
}

}  // namespace assistd::http
