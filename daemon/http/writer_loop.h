#pragma once
// The one thread that goes on sending when a client takes its bytes slowly, and that looks at every
// connection four times a second for timeouts. It also is the list of all connections. Any thread may call
// it.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::http {

class Connection;

class WriterLoop {
  public:
    WriterLoop();
    ~WriterLoop();

    void start();
    void stop();  // joins the thread; connections may outlive it

    std::uint64_t next_id();
    void add(std::uint64_t id, std::weak_ptr<Connection> connection);
    // Asks for one call of Connection::on_writable when the socket takes more.
    void arm(int socket, std::uint64_t id);
    // Before the socket is closed: the registration belongs to the open socket, which Pistache may still
    // hold.
    void remove(int socket, std::uint64_t id);

    std::size_t size() const;
    std::vector<std::shared_ptr<Connection>> all() const;
    // False when there still are connections at the deadline.
    bool wait_until_empty(std::chrono::steady_clock::time_point deadline) const;

  private:
    void run(const std::stop_token& stop);
    std::shared_ptr<Connection> find(std::uint64_t id) const;

    UniqueFd epoll_;
    UniqueFd wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable emptied_;
    std::uint64_t last_id_ = 0;
    std::unordered_map<std::uint64_t, std::weak_ptr<Connection>> connections_;
    std::jthread thread_;
};

}  // namespace assistd::http
