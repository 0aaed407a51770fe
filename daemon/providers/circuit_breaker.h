#pragma once
// Keeps requests away from a model server that does not answer. After some failures in a row it opens:
// nothing is sent for a while. Then one request is let through; its success closes it, its failure opens it
// again. One for each provider, shared by all turns; any thread.

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/config.h"

namespace assistd::providers {

enum class BreakerState { closed, open, half_open };
std::string_view name_of(BreakerState state);

class CircuitBreaker {
  public:
    using Clock = std::chrono::steady_clock;

    explicit CircuitBreaker(BreakerLimits limits = {}) : limits_(limits) {}

    // Nothing: a request may be sent, and says later how it went. Else how long nothing is sent.
    std::optional<std::chrono::milliseconds> asked(Clock::time_point now);
    void succeeded();
    // The server was at fault; it may have said how long to leave it alone.
    void failed(Clock::time_point now, std::optional<std::chrono::milliseconds> retry_after);
    // The request ended without saying anything of the server.
    void unknown();

    BreakerState state(Clock::time_point now) const;
    int failures_in_a_row() const;

  private:
    bool is_tripped() const;  // under the lock

    const BreakerLimits limits_;
    mutable std::mutex mutex_;
    int failures_ = 0;
    Clock::time_point open_until_{};  // once it is tripped
    bool trying_ = false;             // the one request after a pause is on its way
};

}  // namespace assistd::providers
