#pragma once
// When a plugin that keeps crashing is left alone, and for how long. A value; the pool guards it.

#include <chrono>
#include <optional>

namespace assistd::tools {

class CrashCount {
  public:
    using Clock = std::chrono::steady_clock;

    // A call has ended: by a crash, or in any other way that says that the plugin works.
    void crashed(Clock::time_point now);
    void worked(Clock::time_point begun);  // a call that began before the last crash says nothing
    // Lets it run again at once.
    void release() { *this = CrashCount(); }

    int in_a_row() const { return in_a_row_; }
    // How long it is left alone yet; nothing: it may run.
    std::optional<std::chrono::seconds> quarantine(Clock::time_point now) const;

  private:
    int in_a_row_ = 0;
    int quarantines_ = 0;  // since it last worked
    Clock::time_point last_{};
    Clock::time_point until_{};
};

}  // namespace assistd::tools
