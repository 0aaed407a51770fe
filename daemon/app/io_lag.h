#pragma once
// How long work waits for one of the daemon's threads: a timer that should fire every second, and how late it
// does. Owned by app/, shared with its coroutine; any thread.

#include <atomic>
#include <chrono>
#include <memory>

#include "base/async.h"

namespace assistd::app {

class IoLag {
  public:
    // Until the io_context ends.
    static Task<void> measure(std::shared_ptr<IoLag> self);

    // The longest since this was asked before.
    std::chrono::nanoseconds take();

  private:
    std::atomic<std::int64_t> longest_{0};  // nanoseconds
};

}  // namespace assistd::app
