#pragma once
// Cuts a stream of bytes into lines, however the bytes were cut: lines end at CR, LF or CRLF, and none may be
// longer than a limit. One reader per stream, used by one coroutine at a time.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace assistd {

[[noreturn]] void throw_too_long(std::string_view what, std::size_t limit);

class LineReader {
  public:
    using Sink = std::function<void(std::string_view line)>;  // without its end; valid during the call only

    explicit LineReader(std::size_t limit) : limit_(limit) {}

    // Throws UpstreamError{reply} when a line passes the limit; nothing may be fed afterwards.
    void feed(std::string_view bytes, const Sink& sink);
    // The stream ended: a last line that lacks its end still counts.
    void finish(const Sink& sink);

  private:
    std::string_view without_mark(std::string_view bytes);

    std::size_t limit_;
    std::string line_;           // the beginning of a line whose end has not come yet
    bool after_cr_ = false;      // the last byte was a CR: a LF that follows belongs to it
    std::size_t mark_seen_ = 0;  // bytes of the byte order mark that have come; 3 once the start is past
};

}  // namespace assistd
