#include "http/reply_head.h"

#include <array>
#include <chrono>

#include "http/gzip.h"
#include "http/text.h"

namespace assistd::http {
namespace {

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 499:
            return "Client Closed Request";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Other";
    }
}

void append_two_digits(std::string& out, unsigned number) {
    out += static_cast<char>('0' + number / 10);
    out += static_cast<char>('0' + number % 10);
}

// "Date: Sun, 06 Nov 1994 08:49:37 GMT"
void append_date(std::string& out) {
    static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(now - day);
    out.append("Date: ").append(days[std::chrono::weekday(day).c_encoding()]).append(", ");
    append_two_digits(out, static_cast<unsigned>(date.day()));
    out.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
    out.append(std::to_string(static_cast<int>(date.year()))).append(" ");
    append_two_digits(out, static_cast<unsigned>(time.hours().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(time.minutes().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(time.seconds().count()));
    out.append(" GMT\r\n");
}

bool is_ours(std::string_view name) {
    for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Date",
                                       "X-Request-ID", "X-Correlation-ID", "Keep-Alive"})
        if (equal_ignoring_case(name, own)) return true;
    return false;
}

// A value may quote what a user wrote (a file name); a line break in it must not begin a header of its own.
void append_value(std::string& out, std::string_view value) {
    for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
}

void append_cors(std::string& out, const ReplyContext& context) {
    if (context.vary_origin) out.append("Vary: Origin\r\n");
    if (context.allow_origin.empty()) return;
    out.append("Access-Control-Allow-Origin: ").append(context.allow_origin).append("\r\n");
    out.append(
        "Access-Control-Expose-Headers: X-Request-ID, X-Correlation-ID, X-Conversation-ID, Retry-After, "
        "ETag, Location, "
        "Content-Disposition, Content-Range, Accept-Ranges, Mcp-Session-Id, X-Should-Retry, "
        "OpenAI-Poll-After-Ms, RateLimit, RateLimit-Policy, X-RateLimit-Limit-Requests, "
        "X-RateLimit-Remaining-Requests, X-RateLimit-Reset-Requests, X-RateLimit-Limit-Tokens, "
        "X-RateLimit-Remaining-Tokens, X-RateLimit-Reset-Tokens, X-RateLimit-Limit-Cost, "
        "X-RateLimit-Remaining-Cost, X-RateLimit-Reset-Cost\r\n");
}

}  // namespace

bool forbids_body(int status) {
    return status == 204 || status == 304 || status < 200;
}

std::string_view header_of(const Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers)
        if (equal_ignoring_case(key, name)) return value;
    return {};
}

std::string encode_head(const Reply& reply, const ReplyContext& context, const Framing& framing) {
    std::string out;
    out.reserve(320);
    out.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ").append(reason_of(reply.status));
    out.append("\r\n");
    append_date(out);
    for (const auto& [name, value] : reply.headers) {
        if (!is_token(name) || is_ours(name)) continue;
        out.append(name).append(": ");
        append_value(out, value);
        out.append("\r\n");
    }
    append_cors(out, context);
    out.append("X-Request-ID: ").append(context.request_id).append("\r\n");
    if (!context.correlation_id.empty())
        out.append("X-Correlation-ID: ").append(context.correlation_id).append("\r\n");
    if (framing.body == Framing::Body::length)
        out.append("Content-Length: ").append(std::to_string(framing.length)).append("\r\n");
    if (framing.body == Framing::Body::chunked) out.append("Transfer-Encoding: chunked\r\n");
    if (!framing.keep_alive)
        out.append("Connection: close\r\n");
    else if (!context.http11)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
    return out;
}

void compress(Reply& reply, const ReplyContext& context) {
    auto* text = std::get_if<std::string>(&reply.body);
    if (text == nullptr || forbids_body(reply.status) || reply.status == 206) return;
    if (!worth_gzip(header_of(reply, "Content-Type"), text->size())) return;
    if (!header_of(reply, "Content-Encoding").empty()) return;
    reply.with("Vary", "Accept-Encoding");
    if (!context.accepts_gzip) return;
    auto packed = gzip(*text);
    if (!packed) return;
    *text = std::move(*packed);
    reply.with("Content-Encoding", "gzip");
    // The same resource in other bytes: its tag may only claim the same meaning.
    for (auto& [name, value] : reply.headers)
        if (equal_ignoring_case(name, "ETag") && value.starts_with('"')) value.insert(0, "W/");
}

}  // namespace assistd::http
