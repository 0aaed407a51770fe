#pragma once
// A time by which something is done unless it was called off before, which nearly all of them are: the limits
// of turns and calls, and somebody's patience. Setting one and calling it off wakes no thread. An asio timer
// that is cancelled posts its handler, and the thread that wakes for it takes a core from whoever works.
//
// A thread for each io_context, begun with its first deadline, sleeps until the earliest one.

#include <chrono>
#include <functional>
#include <memory>

#include "base/async.h"

namespace assistd {

class Deadline {
    struct State;
    class Keeper;

  public:
    // Calls `then` once, on `executor`, which is that of an io_context, when the time is over before this
    // goes. A coroutine on a strand gives its strand: what it has called off does not run then, even if it
    // was on its way.
    Deadline(const Executor& executor, std::chrono::nanoseconds time, std::function<void()> then);
    Deadline(Deadline&&) noexcept = default;
    Deadline& operator=(Deadline&&) = delete;
    ~Deadline();

  private:
    std::shared_ptr<State> state_;
};

}  // namespace assistd
