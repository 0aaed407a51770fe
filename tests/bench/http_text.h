#pragma once
// As much of HTTP/1.1 as both ends of a benchmark need. Pure functions.

#include <strings.h>

#include <charconv>
#include <string>
#include <string_view>

namespace assistd::bench {

struct HttpText {
    std::size_t size = 0;  // of the whole message; 0: it is not complete yet
    std::string_view head;
    std::string_view body;
};

// Takes a request or a reply with a Content-Length apart.
inline HttpText parse_http(std::string_view bytes) {
    constexpr std::string_view name = "\r\ncontent-length:";
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return {};
    std::size_t length = 0;
    for (std::size_t at = bytes.find("\r\n"); at < head_end; at = bytes.find("\r\n", at + 2)) {
        if (::strncasecmp(bytes.data() + at, name.data(), name.size()) != 0) continue;
        const char* value = bytes.data() + at + name.size();
        while (*value == ' ') ++value;
        std::from_chars(value, bytes.data() + head_end, length);
        break;
    }
    const std::size_t size = head_end + 4 + length;
    if (bytes.size() < size) return {};
    return {size, bytes.substr(0, head_end), bytes.substr(head_end + 4, length)};
}

inline std::string post_request(std::string_view path, std::string_view body) {
    std::string request = "POST ";
    request += path;
    request += " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ";
    request += std::to_string(body.size());
    request += "\r\n\r\n";
    request += body;
    return request;
}

inline std::string get_request(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

inline bool is_success(std::string_view head) {
    return head.size() > 9 && head[9] == '2';
}

}  // namespace assistd::bench
