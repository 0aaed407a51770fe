#pragma once
// The time that a turn may take. It stands still while a call waits for a person. Used on the turn's strand
// only.

#include <chrono>
#include <functional>
#include <memory>

#include "base/async.h"

namespace assistd::core {

class TimeLimit {
    struct State;

  public:
    // Calls `over` once, on the strand, when the time is used up before this goes.
    TimeLimit(const Executor& strand, std::chrono::milliseconds limit, std::function<void()> over);
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;

    // When it will be used up, if nothing pauses it.
    std::chrono::steady_clock::time_point end() const;

    // While any of these lives, no time passes.
    class Pause {
      public:
        explicit Pause(TimeLimit& limit);
        ~Pause();
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;

      private:
        std::shared_ptr<State> state_;
    };

  private:
    std::shared_ptr<State> state_;
};

}  // namespace assistd::core
