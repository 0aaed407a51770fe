#pragma once
// Many clients at once, each reading a streamed reply on a connection of its own. One thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "stream_reader.h"

namespace assistd::bench {

class StreamCrowd {
  public:
    // Connects one client for each request.
    StreamCrowd(std::uint16_t port, std::vector<std::string> requests);

    // Sends the requests, one every `apart`, and reads until `enough` says so. Throws std::runtime_error when
    // that takes longer than `at_most` or a reply is wrong.
    void run(std::chrono::microseconds apart, std::chrono::seconds at_most,
             const std::function<bool()>& enough);

    std::size_t over() const { return over_; }
    const std::vector<StreamReader>& readers() const { return readers_; }

  private:
    void send_next();
    void read(std::size_t place);

    std::vector<std::string> requests_;
    std::vector<UniqueFd> sockets_;
    std::vector<StreamReader> readers_;
    UniqueFd epoll_;
    std::size_t sent_ = 0;
    std::size_t over_ = 0;
};

}  // namespace assistd::bench
