#pragma once
// When a server that failed may be asked again. A value; RemoteServer guards it.

#include <chrono>
#include <optional>

#include "tools/plugins/crash_count.h"

namespace assistd::tools::mcp {

class Reconnects {
  public:
    using Clock = std::chrono::steady_clock;

    void failed(bool by_crash, Clock::time_point now);
    void worked(Clock::time_point begun);
    void connected();  // which says nothing of one that crashes when it is called
    void release();

    // How long to wait before the next try: nothing at first, then twice as long each time, up to ten
    // seconds.
    std::chrono::milliseconds pause(Clock::time_point now) const;
    // How long it is left alone since it kept crashing.
    std::optional<std::chrono::seconds> quarantine(Clock::time_point now) const {
        return crashes_.quarantine(now);
    }
    int crashes_in_a_row() const { return crashes_.in_a_row(); }

  private:
    CrashCount crashes_;
    int failures_ = 0;
    Clock::time_point last_{};
};

}  // namespace assistd::tools::mcp
