#include "http/head.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "http/text.h"

namespace assistd::http {
namespace {

Error bad(const char* sentence) {
    return Error(ErrorCode::invalid_request, sentence);
}

Method parse_method(std::string_view text) {
    if (!is_token(text)) throw bad("The request line must begin with a method.");
    for (const Method method :
         {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options})
        if (text == name_of(method)) return method;
    throw Error(ErrorCode::not_implemented, "The method is not one that this server knows.");
}

bool is_http11(std::string_view version) {
    if (version == "HTTP/1.1") return true;
    if (version == "HTTP/1.0") return false;
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && version[5] >= '0' &&
                             version[5] <= '9' && version[6] == '.' && version[7] >= '0' && version[7] <= '9';
    if (!well_formed) throw bad("The request line must end with the HTTP version.");
    throw Error(ErrorCode::http_version, "This server speaks HTTP/1.1 and HTTP/1.0.");
}

// "GET /path HTTP/1.1": exactly one space between the three parts.
void parse_request_line(std::string_view line, const Limits& limits, Head& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || last == first)
        throw bad("The request line must hold a method, a target and the HTTP version.");
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (target.size() > limits.target_bytes)
        throw Error(ErrorCode::uri_too_long,
                    "The request's target is longer than " + std::to_string(limits.target_bytes) + " bytes.");
    for (const char c : target)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
            throw bad("The request's target must not hold spaces or control characters.");
    head.method = parse_method(line.substr(0, first));
    head.http11 = is_http11(line.substr(last + 1));
    head.keep_alive = head.http11;
    head.target = parse_target(target);
    if (head.target.asterisk && head.method != Method::options)
        throw bad("Only OPTIONS may have the target \"*\".");
}

void parse_header_line(std::string_view line, Head& head) {
    if (line.front() == ' ' || line.front() == '\t')
        throw bad("A header must not be continued on the next line.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        throw bad("A header line must be a name, a colon and a value.");
    const std::string_view value = trim(line.substr(colon + 1));
    for (const char c : value)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
            throw bad("A header's value must not hold control characters.");
    head.headers.emplace(line.substr(0, colon), value);
}

// The value of a header that may be given at most once.
std::optional<std::string_view> single(const Headers& headers, std::string_view name, const char* sentence) {
    const auto [begin, end] = headers.equal_range(name);
    if (begin == end) return std::nullopt;
    if (std::next(begin) != end) throw bad(sentence);
    return begin->second;
}

bool is_host(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c != 0 &&
                std::string_view("-._~%!$&'()*+,;=:[]").find(static_cast<char>(c)) != std::string_view::npos);
    });
}

void read_host(Head& head) {
    const auto host = single(head.headers, "Host", "The Host header must be given once.");
    if (!host && head.http11) throw bad("The Host header is missing.");
    if (host && !is_host(*host)) throw bad("The Host header is no host name.");
    if (!head.target.authority.empty() && !is_host(head.target.authority))
        throw bad("The request's target names no valid host.");
    head.host = head.target.authority.empty() ? std::string(host.value_or("")) : head.target.authority;
}

// How the body is framed. Whatever two readers could understand differently is refused.
void read_framing(Head& head) {
    const auto coding = single(head.headers, "Transfer-Encoding", "Transfer-Encoding must be given once.");
    const auto length = single(head.headers, "Content-Length", "Content-Length must be given once.");
    if (coding && length) throw bad("Content-Length and Transfer-Encoding must not be given together.");
    if (coding) {
        if (!head.http11) throw bad("HTTP/1.0 has no Transfer-Encoding.");
        if (!equal_ignoring_case(*coding, "chunked"))
            throw Error(ErrorCode::not_implemented,
                        "The only Transfer-Encoding that is understood is chunked.");
        head.chunked = true;
    }
    if (length) {
        if (length->empty() || length->find_first_not_of("0123456789") != std::string_view::npos)
            throw bad("Content-Length must be a number.");
        // A number that does not fit is larger than any limit.
        head.content_length =
            length->size() > 18 ? std::numeric_limits<std::int64_t>::max() : std::stoll(std::string(*length));
    }
}

void read_connection(Head& head) {
    bool close = false;
    bool keep = false;
    const auto [begin, end] = head.headers.equal_range("Connection");
    for (auto it = begin; it != end; ++it)
        for_each_item(it->second, [&](std::string_view item) {
            if (equal_ignoring_case(item, "close")) close = true;
            if (equal_ignoring_case(item, "keep-alive")) keep = true;
        });
    head.keep_alive = !close && (head.http11 || keep);
}

void read_expect(Head& head) {
    const auto expect = single(head.headers, "Expect", "Expect must be given once.");
    if (!expect || !head.http11) return;
    if (!equal_ignoring_case(*expect, "100-continue"))
        throw Error(ErrorCode::expectation_failed,
                    "The only expectation that is understood is 100-continue.");
    head.expects_continue = true;
}

}  // namespace

std::optional<std::size_t> HeadScanner::scan(std::string_view buffer, const Limits& limits) {
    if (!buffer.empty() && !is_token_char(static_cast<unsigned char>(buffer.front())))
        throw bad("This is no HTTP request.");
    while (scanned_ < buffer.size()) {
        const std::size_t newline = buffer.find('\n', scanned_);
        if (newline == std::string_view::npos) {
            scanned_ = buffer.size();
            break;
        }
        if (buffer[newline - 1] != '\r') throw bad("The lines of a request's head must end with CR and LF.");
        const bool empty_line = newline == line_ + 1;
        scanned_ = line_ = newline + 1;
        if (request_line_ == 0) request_line_ = line_;
        if (!empty_line) continue;
        if (line_ > limits.head_bytes) break;
        return line_;
    }
    if (buffer.size() <= limits.head_bytes) return std::nullopt;
    if (request_line_ == 0 || request_line_ > limits.head_bytes)
        throw Error(ErrorCode::uri_too_long, "The request line is too long.");
    throw Error(ErrorCode::headers_too_large,
                "The request's head is longer than " + std::to_string(limits.head_bytes) + " bytes.");
}

Head parse_head(std::string_view text, const Limits& limits) {
    Head head;
    std::size_t line_end = text.find("\r\n");
    parse_request_line(text.substr(0, line_end), limits, head);
    std::size_t count = 0;
    while (line_end != std::string_view::npos) {
        text.remove_prefix(line_end + 2);
        if (text.empty()) break;
        if (++count > limits.headers)
            throw Error(ErrorCode::headers_too_large,
                        "The request has more than " + std::to_string(limits.headers) + " headers.");
        line_end = text.find("\r\n");
        parse_header_line(text.substr(0, line_end), head);
    }
    read_connection(head);
    read_host(head);
    read_framing(head);
    read_expect(head);
    return head;
}

std::string presumed_path(std::string_view bytes) {
    bytes = bytes.substr(0, bytes.find_first_of("\r\n"));
    const std::size_t blank = bytes.find(' ');
    if (blank == std::string_view::npos || !is_token(bytes.substr(0, blank))) return {};
    const std::string_view target = bytes.substr(blank + 1);
    return std::string(target.substr(0, target.find_first_of(" ?#")));
}

}  // namespace assistd::http
