#pragma once
// Whose work a thread does, where more is asked of the threads than they can do at once: what is in one lane
// stands behind itself and not in front of others. It goes with the executor (base/stay_executor.h), as an
// activity does, so that all steps of a request and of what it sets off are in the lane of who asked for it.
// The lanes are those of http/fair_queue.h. Any thread.

#include <functional>
#include <memory>
#include <utility>

namespace assistd {

class Lane {
  public:
    virtual ~Lane() = default;
    // When it is the lane's turn, before whatever it has not begun yet.
    virtual void go_on(std::function<void()> step) = 0;
};
using LanePtr = std::shared_ptr<Lane>;

// On this thread, while it lives.
class LaneScope {
  public:
    explicit LaneScope(LanePtr lane) noexcept : outer_(std::exchange(current(), std::move(lane))) {}
    ~LaneScope() { current() = std::move(outer_); }
    LaneScope(const LaneScope&) = delete;
    LaneScope& operator=(const LaneScope&) = delete;

    // Of what this thread does at the moment; null: it is nobody's in particular.
    static LanePtr& current() noexcept;

  private:
    LanePtr outer_;
};

}  // namespace assistd
