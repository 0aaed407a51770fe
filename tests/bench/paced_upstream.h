#pragma once
// A model server for timing: it answers every request with a stream of chunks at a given pace, each of which
// says when it was sent, or keeps all requests waiting until it is told to answer. One thread; the functions
// may be called from any.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::bench {

struct Pace {
    int chunks = 16;
    std::chrono::microseconds first{0};    // from the request to the first chunk
    std::chrono::microseconds between{0};  // 0: all that is due goes out in one piece, the end with it
    bool hold = false;                     // the first chunk waits for release()
};

class PacedUpstream {
  public:
    explicit PacedUpstream(Pace pace);
    ~PacedUpstream();
    PacedUpstream(const PacedUpstream&) = delete;
    PacedUpstream& operator=(const PacedUpstream&) = delete;

    std::uint16_t port() const { return port_; }
    void set_pace(Pace pace);  // of the requests that come from now on
    std::uint64_t open_requests() const { return open_requests_; }
    void release();  // answers everything that waits
    // The newest request, head and body, as it came.
    std::string last_request() const;

  private:
    using Clock = std::chrono::steady_clock;
    struct Connection;
    struct Due {
        Clock::time_point when;
        std::uint64_t connection;
        bool operator>(const Due& other) const { return when > other.when; }
    };

    void run();
    void accept_all();
    void on_readable(Connection& connection);
    void on_due(Connection& connection, Clock::time_point now);
    void send(Connection& connection);

    mutable std::mutex mutex_;
    Pace pace_;
    std::string last_request_;

    UniqueFd listener_;
    UniqueFd epoll_;
    UniqueFd wake_;
    std::uint16_t port_ = 0;
    std::atomic<std::uint64_t> open_requests_{0};
    std::atomic<bool> release_{false};
    std::atomic<bool> stop_{false};

    // The thread's own.
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::uint64_t last_connection_ = 1;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::thread thread_;
};

// What a chunk's text looks like: "~0007:0000012345678901 and on", its number and when it was sent.
constexpr char chunk_mark = '~';
std::string chunk_text(int number, std::chrono::steady_clock::time_point sent_at);
// The number, and the time of sending, of the text behind the mark.
struct ChunkStamp {
    int number = -1;  // -1: it is none
    std::chrono::steady_clock::time_point sent_at;
};
ChunkStamp read_stamp(std::string_view text);

}  // namespace assistd::bench
