#pragma once
// The calls whose callers wait for the result itself, with no turn or study between: the daemon hears them
// out before it ends. Owned by the executor; any thread.

#include <chrono>
#include <functional>
#include <mutex>

#include "base/async.h"

namespace assistd::tools {

class DirectCalls {
  public:
    // While it lives, a caller waits.
    class Place {
      public:
        explicit Place(DirectCalls& calls) : calls_(&calls) {}
        Place(Place&& other) noexcept : calls_(std::exchange(other.calls_, nullptr)) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (calls_) calls_->leave();
        }

      private:
        DirectCalls* calls_;
    };

    // Throws Error{unavailable} after close().
    Place enter();
    // Ends when no caller waits any more. At `until`, `cut` is called, which is to end what runs; who does
    // not leave even then is not waited for.
    Task<void> close(std::chrono::steady_clock::time_point until, std::function<void()> cut);

  private:
    void leave();

    std::mutex mutex_;
    int waiting_ = 0;
    bool closed_ = false;
    OneShot<> all_left_;
};

}  // namespace assistd::tools
