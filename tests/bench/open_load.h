#pragma once
// Requests that are sent at their times, however long others take: what a crowd does, and what overload is. A
// request for which no connection is free is not sent, and counted. One thread for each load.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "load.h"

namespace assistd::bench {

struct OpenLoad {
    std::uint16_t port = 0;
    double per_second = 100;
    int connections = 100;  // each is kept; one that the server closes is made anew
    std::chrono::milliseconds time{1000};
    // The next request on this connection.
    std::function<std::string(int connection, std::uint64_t number)> request;
};

struct OpenResult {
    Latencies served;   // replies of 200 and the like
    Latencies refused;  // 429 and 503 with Retry-After
    std::uint64_t sent = 0;
    std::uint64_t not_sent = 0;
    std::uint64_t unanswered = 0;  // when the time was over, and a while after
    std::uint64_t wrong = 0;
    std::string first_wrong;
    double seconds = 0;

    double served_per_second() const { return static_cast<double>(served.count()) / seconds; }
    double refused_share() const {
        const auto all = static_cast<double>(served.count() + refused.count());
        return all == 0 ? 0 : static_cast<double>(refused.count()) / all;
    }
};

// Throws std::runtime_error when no connection can be made.
OpenResult run_open_load(const OpenLoad& load);

}  // namespace assistd::bench
