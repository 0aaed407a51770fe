#include "tools/call_slots.h"

#include <algorithm>

#include "base/error.h"

namespace assistd::tools {

CallSlots::CallSlots(int running, int queued)
    : free_(running), most_queued_(static_cast<std::size_t>(queued)) {}

CallSlots::Place CallSlots::enter() {
    const std::lock_guard lock(mutex_);
    if (free_ > 0) {
        --free_;
        return Place(shared_from_this(), nullptr);
    }
    if (queue_.size() >= most_queued_) {
        Error busy(ErrorCode::unavailable,
                   "Too many tools are running at the moment; try again in a few seconds.");
        throw busy.with_retry_after(std::chrono::seconds(5));
    }
    queue_.push_back(std::make_shared<Waiter>());
    return Place(shared_from_this(), queue_.back());
}

std::size_t CallSlots::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

void CallSlots::leave() {
    std::shared_ptr<Waiter> next;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) {
            ++free_;
            return;
        }
        next = std::move(queue_.front());
        queue_.pop_front();
    }
    next->turn.set(true);
}

bool CallSlots::give_up(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    return std::erase(queue_, waiter) > 0;
}

CallSlots::Place::Place(Place&& other) noexcept
    : slots_(std::move(other.slots_)), waiter_(std::move(other.waiter_)) {}

CallSlots::Place::~Place() {
    if (!slots_) return;
    if (waiter_ && slots_->give_up(waiter_)) return;
    slots_->leave();
}

Task<bool> CallSlots::Place::granted(std::stop_token stop) {
    if (waiter_) {
        const auto slots = slots_;
        const auto waiter = waiter_;
        const std::stop_callback on_stop(stop, [slots, waiter] {
            if (slots->give_up(waiter)) waiter->turn.set(false);
        });
        const bool mine = co_await waiter->turn.wait();
        waiter_.reset();
        if (!mine) slots_.reset();
    }
    co_return !stop.stop_requested();
}

}  // namespace assistd::tools
