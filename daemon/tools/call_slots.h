#pragma once
// How many calls run at the same time, and how many more may wait for their turn, first come first served.
// Owned by the executor, shared with the calls; any thread.

#include <deque>
#include <memory>
#include <mutex>

#include "base/async.h"

namespace assistd::tools {

class CallSlots : public std::enable_shared_from_this<CallSlots> {
    struct Waiter {
        OneShot<bool> turn;  // true: the slot is yours; false: you gave up
    };

  public:
    // A slot or a position in the queue. Given back when it goes.
    class Place {
      public:
        Place() = default;  // needs no slot
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        ~Place();

        // True once the call may run; false when `stop` was requested before.
        Task<bool> granted(std::stop_token stop);

      private:
        friend class CallSlots;
        Place(std::shared_ptr<CallSlots> slots, std::shared_ptr<Waiter> waiter)
            : slots_(std::move(slots)), waiter_(std::move(waiter)) {}

        std::shared_ptr<CallSlots> slots_;
        std::shared_ptr<Waiter> waiter_;  // null once (or when) the slot is there
    };

    CallSlots(int running, int queued);

    // Throws Error{unavailable} when every slot and every position is taken.
    Place enter();
    std::size_t waiting() const;

  private:
    void leave();
    bool give_up(const std::shared_ptr<Waiter>& waiter);  // false when its turn had come

    mutable std::mutex mutex_;
    int free_;
    const std::size_t most_queued_;
    std::deque<std::shared_ptr<Waiter>> queue_;
};

}  // namespace assistd::tools
