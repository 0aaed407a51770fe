#pragma once
// Whether the store takes writes: a full disk and one that was made read-only are seen at the next write, and
// that this is not a user's is what this is for. However often it is asked, it writes once in a while. Owned
// by app/; any thread.

#include <chrono>
#include <mutex>
#include <string>

#include "base/async.h"
#include "store/store.h"

namespace assistd::app {

class WriteProbe {
  public:
    explicit WriteProbe(store::Storage& storage) : storage_(storage) {}

    // Why nothing can be written, as a sentence; empty: it can.
    Task<std::string> problem();

  private:
    using Clock = std::chrono::steady_clock;

    Task<std::string> write();

    store::Storage& storage_;
    std::mutex mutex_;
    Clock::time_point next_{};  // when it is tried again
    bool trying_ = false;
    std::string problem_;
};

}  // namespace assistd::app
