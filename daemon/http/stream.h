#pragma once
// The body of a streaming reply: what a handler writes, put into chunks, with a comment line now and then so
// that proxies do not close a quiet event stream. Any thread.

#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>

#include "http/reply.h"

namespace assistd::http {

class Connection;

class Stream : public StreamWriter {
  public:
    Stream(std::weak_ptr<Connection> connection, bool chunked, bool comments);

    bool write(std::string_view bytes) override;
    bool write_last(std::string_view bytes) override;
    bool alive() const override;

    std::int64_t written() const;  // bytes of the body so far, comments not among them

    // Ends the body; later writes are refused.
    void finish();
    // Writes a comment when nothing was written for `quiet`, and only between two events.
    void keep_alive(std::chrono::steady_clock::time_point now, std::chrono::milliseconds quiet);

  private:
    enum class When { now, with_the_next };
    bool take(std::string_view bytes, When when);
    bool send(std::string_view bytes, When when);
    void kill() const;

    // Weak: a writer that somebody keeps must not keep the socket open.
    const std::weak_ptr<Connection> connection_;
    const bool chunked_;
    const bool comments_;
    mutable std::mutex mutex_;
    std::int64_t written_ = 0;
    bool open_ = true;
    bool between_events_ = true;
    std::chrono::steady_clock::time_point last_write_ = std::chrono::steady_clock::now();
};

}  // namespace assistd::http
