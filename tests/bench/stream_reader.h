#pragma once
// Reads a streamed reply as it arrives and says when each of the model's chunks did, whoever passed them on:
// the model server itself, a proxy, or the daemon with events of its own. Every chunk is checked: it must be
// there once, in order. One reader for each reply; one thread.

#include <chrono>
#include <string>
#include <string_view>

#include "load.h"

namespace assistd::bench {

class StreamReader {
  public:
    using Clock = std::chrono::steady_clock;

    // Takes what arrived at `now`. Throws std::runtime_error when the reply is no stream or chunks are
    // missing.
    void feed(std::string_view bytes, Clock::time_point now);
    bool over() const { return over_; }

    int chunks() const { return chunks_; }
    bool completed() const { return completed_; }            // the daemon said that the turn is complete
    Clock::time_point first() const { return first_; }       // the first chunk
    Clock::time_point last() const { return last_; }         // the last chunk
    Clock::time_point end() const { return end_; }           // of the reply
    const Latencies& lateness() const { return lateness_; }  // of each further chunk, since it was sent

  private:
    bool take_head();
    bool take_http_chunk(Clock::time_point now);
    void take_lines(Clock::time_point now);
    void take_line(std::string_view line, Clock::time_point now);

    std::string in_;     // the reply's bytes that are not yet understood
    std::string lines_;  // the body's
    bool has_head_ = false;
    bool over_ = false;
    bool completed_ = false;
    int chunks_ = 0;
    Clock::time_point first_;
    Clock::time_point last_;
    Clock::time_point end_;
    Latencies lateness_;
};

// Sends the request on a connection of its own or a kept one and reads the reply to its end, blocking.
class StreamAsker {
  public:
    explicit StreamAsker(std::uint16_t port) : fd_(connect_to(port)) {}

    struct Heard {
        std::chrono::nanoseconds first{0};  // since the request was sent
        std::chrono::nanoseconds last{0};
        std::chrono::nanoseconds end{0};
        Latencies lateness;
    };
    Heard ask(const std::string& request, int chunks);

  private:
    UniqueFd fd_;
};

}  // namespace assistd::bench
