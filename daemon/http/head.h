#pragma once
// The head of a request: finding its end among the bytes that arrive, and taking it apart under the limits.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/limits.h"
#include "http/request.h"
#include "http/target.h"

namespace assistd::http {

// Looks for the end of a head in a buffer that grows. One per connection, used under its lock.
class HeadScanner {
  public:
    // The size of the head with its empty line, once it is there. Throws Error when it can no longer become a
    // valid head: too long, a bare LF, or bytes that are no HTTP at all (such as TLS).
    std::optional<std::size_t> scan(std::string_view buffer, const Limits& limits);
    void reset() { *this = HeadScanner(); }

  private:
    std::size_t scanned_ = 0;       // up to here there is no line end that has not been looked at
    std::size_t line_ = 0;          // where the present line begins
    std::size_t request_line_ = 0;  // where the first line ended, once it has
};

struct Head {
    Method method = Method::get;
    bool http11 = true;
    bool keep_alive = true;
    bool expects_continue = false;
    bool chunked = false;
    std::int64_t content_length = 0;
    std::string host;  // of the target when it is absolute, else the Host header; empty in old HTTP/1.0
    Target target;
    Headers headers;

    bool has_body() const { return chunked || content_length > 0; }
};

// `text` is the head without its empty line. Throws Error with the code that the client shall get.
Head parse_head(std::string_view text, const Limits& limits);

// What seems to be the path in bytes that are no valid head: good enough to choose how the error is written.
std::string presumed_path(std::string_view bytes);

}  // namespace assistd::http
