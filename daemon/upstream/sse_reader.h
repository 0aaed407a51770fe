#pragma once
// Turns the bytes of a text/event-stream into events, however the bytes were cut: CR, LF and CRLF, a leading
// byte order mark, comments, "data:" with or without a space, data of several lines. One reader per stream,
// used by one coroutine at a time.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "upstream/line_reader.h"

namespace assistd {

// Valid only while the callback runs.
struct SseEvent {
    std::string_view name;  // empty: the stream named none
    std::string_view data;
};

struct SseLimits {
    std::size_t line_bytes = 4 << 20;
    std::size_t event_bytes = 16 << 20;  // all data lines of one event
};

class SseReader {
  public:
    using Sink = std::function<void(const SseEvent&)>;

    explicit SseReader(SseLimits limits = {}) : limits_(limits), lines_(limits.line_bytes) {}

    // Calls the sink for every event that these bytes complete. Throws UpstreamError{reply} when a line or an
    // event passes its limit; nothing may be fed afterwards.
    void feed(std::string_view bytes, const Sink& sink);

    // The stream ended: an event that lacks only its blank line still counts, as many servers leave it out.
    void finish(const Sink& sink);

    // For taking the stream up again: the id of the last event that had one, and how long the server wants to
    // be left alone before.
    const std::string& last_id() const { return last_id_; }
    const std::optional<std::chrono::milliseconds>& retry() const { return retry_; }

  private:
    void take_line(std::string_view line, const Sink& sink);
    void add_data(std::string_view value);
    void take_retry(std::string_view value);
    void dispatch(const Sink& sink);

    SseLimits limits_;
    LineReader lines_;
    std::string data_;  // the current event's data lines, each followed by a line feed
    std::string name_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool has_data_ = false;
};

}  // namespace assistd
