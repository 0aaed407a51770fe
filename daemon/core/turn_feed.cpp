#include "core/turn_feed.h"

#include <algorithm>

namespace assistd::core {

std::int64_t TurnFeed::emit(TurnEventBody body) {
    std::unique_lock lock(mutex_);
    const std::int64_t id = next_id_;
    append(id, std::move(body), lock);
    return id;
}

void TurnFeed::replay(std::int64_t id, TurnEventBody body) {
    std::unique_lock lock(mutex_);
    append(id, std::move(body), lock);
}

void TurnFeed::skip_to(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    next_id_ = std::max(next_id_, id);
}

std::int64_t TurnFeed::next_id() const {
    const std::lock_guard lock(mutex_);
    return next_id_;
}

void TurnFeed::append(std::int64_t id, TurnEventBody body, std::unique_lock<std::mutex>& lock) {
    if (ended_) return;
    ended_ = std::holds_alternative<TurnEnded>(body);
    events_.push_back(std::make_shared<const TurnEvent>(TurnEvent{id, std::move(body)}));
    next_id_ = id + 1;
    wake(lock);
}

void TurnFeed::abandon() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    wake(lock);
}

// Readers are resumed outside the lock: a resumed reader comes straight back to next().
void TurnFeed::wake(std::unique_lock<std::mutex>& lock) {
    std::vector<OneShot<>> readers = std::move(readers_);
    readers_.clear();
    std::vector<OneShot<>> waiters;
    if (ended_) waiters.swap(waiters_);
    lock.unlock();
    for (const OneShot<>& reader : readers) reader.set();
    for (const OneShot<>& waiter : waiters) waiter.set();
}

Task<std::vector<TurnEventPtr>> TurnFeed::next(std::int64_t after, std::stop_token stop) const {
    while (!stop.stop_requested()) {
        const OneShot<> news;
        {
            const std::lock_guard lock(mutex_);
            const auto first =
                std::upper_bound(events_.begin(), events_.end(), after,
                                 [](std::int64_t id, const TurnEventPtr& event) { return id < event->id; });
            if (first != events_.end()) co_return std::vector<TurnEventPtr>(first, events_.end());
            if (ended_) break;
            readers_.push_back(news);
        }
        const std::stop_callback on_stop(stop, [news] { news.set(); });
        co_await news.wait();
    }
    co_return std::vector<TurnEventPtr>{};
}

std::vector<TurnEventPtr> TurnFeed::so_far() const {
    const std::lock_guard lock(mutex_);
    return events_;
}

bool TurnFeed::has_ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

Task<std::vector<TurnEventPtr>> TurnFeed::whole() const {
    const OneShot<> end;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) co_return events_;
        waiters_.push_back(end);
    }
    co_await end.wait();
    const std::lock_guard lock(mutex_);
    co_return events_;
}

}  // namespace assistd::core
