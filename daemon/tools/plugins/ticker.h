#pragma once
// Calls a function again and again while there is something to look after, and sleeps otherwise. Thread-safe.

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "base/async.h"

namespace assistd::tools {

class Ticker : public std::enable_shared_from_this<Ticker> {
  public:
    // `look` returns whether it wants to be called again after `period`.
    Ticker(asio::io_context& context, std::chrono::milliseconds period, std::function<bool()> look)
        : timer_(context), period_(period), look_(std::move(look)) {}

    // There is something to look after. Costs one atomic operation when the ticker is awake already.
    void wake() {
        if (awake_.exchange(true)) return;
        timer_.expires_after(period_);
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            if (const auto self = weak.lock(); self && !error) self->tick();
        });
    }

  private:
    void tick() {
        // Asleep before it looks: whoever comes after the look wakes it again.
        awake_ = false;
        if (look_()) wake();
    }

    asio::steady_timer timer_;  // touched only by whoever set awake_
    const std::chrono::milliseconds period_;
    const std::function<bool()> look_;
    std::atomic<bool> awake_{false};
};

}  // namespace assistd::tools
