#pragma once
// The messages of one event stream, numbered from 1, for a reader that may leave and come back: what was
// written last is kept, so that it can be read again. Shared by pointer; any thread.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"

namespace assistd::api::mcp {

struct LoggedMessage {
    std::int64_t number = 0;
    std::string text;  // one JSON-RPC message
};

class EventLog {
  public:
    // Keeps at most so many messages, the newest.
    explicit EventLog(std::size_t most = 256) : most_(most) {}

    void push(std::string text);
    void end();  // nothing comes any more
    bool ended() const;

    // Called whenever a reader has left before the end. To be set before there is one.
    void when_left(std::function<void()> left) { left_ = std::move(left); }

    // Another reader takes over: the one before is told that there is nothing more for it.
    int begin_reading();
    // Called by a reader that leaves; ignored when another has taken over.
    void end_reading(int reader);
    bool is_read() const;
    // All messages after `after`, waiting until there is one. Empty: it has ended, another reader has taken
    // over or `stop` was requested.
    Task<std::vector<LoggedMessage>> next(std::int64_t after, int reader, std::stop_token stop) const;

    std::int64_t last() const;  // the number of the newest message
    // What a reader was given, so that one without a number of its own goes on behind it.
    std::int64_t given() const;
    void set_given(std::int64_t number);

    std::size_t bytes() const;

  private:
    void wake(std::unique_lock<std::mutex>& lock);

    const std::size_t most_;
    std::function<void()> left_;
    mutable std::mutex mutex_;
    std::deque<LoggedMessage> messages_;
    std::int64_t last_ = 0;
    std::int64_t given_ = 0;
    std::size_t bytes_ = 0;
    int reader_ = 0;  // the number of the present one
    bool reading_ = false;
    bool ended_ = false;
    mutable std::vector<OneShot<>> waiting_;
};

}  // namespace assistd::api::mcp
