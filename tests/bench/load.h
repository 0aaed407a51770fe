#pragma once
// The load generator: keep-alive connections on one thread, each with one request on its way at a time, every
// reply checked. It shares the machine with what it measures, so it does little. Also plain blocking
// requests.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::bench {

class Latencies {
  public:
    void add(std::chrono::nanoseconds time) { times_.push_back(time); }
    void add(const Latencies& others) {
        times_.insert(times_.end(), others.times_.begin(), others.times_.end());
    }
    std::size_t count() const { return times_.size(); }
    double ms(double quantile) const;  // 0 when there are none

  private:
    mutable std::vector<std::chrono::nanoseconds> times_;
};

struct LoadResult {
    Latencies latencies;
    std::uint64_t wrong = 0;
    std::string first_wrong;  // the reply, for a look at what is wrong
    double seconds = 0;

    double per_second() const { return seconds > 0 ? static_cast<double>(latencies.count()) / seconds : 0; }
};

struct Load {
    std::uint16_t port = 0;
    int clients = 1;
    std::chrono::milliseconds time{1000};
    std::uint64_t most = UINT64_MAX;  // requests in all
    // The request of this client with this number, and whether its reply is right.
    std::function<std::string(int client, std::uint64_t number)> request;
    std::function<bool(int client, std::uint64_t number, std::string_view head, std::string_view body)> check;
};

// Throws std::runtime_error when a connection fails.
LoadResult run_load(const Load& load);

UniqueFd connect_to(std::uint16_t port);

struct Answer {
    bool success = false;
    std::string body;
    std::chrono::nanoseconds time{0};
};
// One request on a connection of its own.
class Asker {
  public:
    explicit Asker(std::uint16_t port) : fd_(connect_to(port)) {}
    Answer ask(const std::string& request);

  private:
    UniqueFd fd_;
    std::string in_;
};

}  // namespace assistd::bench
