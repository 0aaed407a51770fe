#include "core/conversation_locks.h"

#include "base/error.h"

namespace assistd::core {

Task<ConversationLocks::Lock> ConversationLocks::lock(ConversationId id, bool wait, std::stop_token stop) {
    const OneShot<bool> turn;
    {
        const std::lock_guard guard(mutex_);
        const auto [found, is_free] = locked_.try_emplace(id);
        if (is_free) co_return Lock(this, id);
        if (!wait)
            throw Error(ErrorCode::conflict,
                        "This conversation is answering another message; wait for it or cancel it.");
        // Who gave up no longer waits.
        std::erase_if(found->second, [](const OneShot<bool>& waiting) { return waiting.done(); });
        if (found->second.size() >= max_waiting)
            throw Error(ErrorCode::unavailable,
                        "Too many messages wait for this conversation already; try again later.")
                .with_retry_after(std::chrono::seconds(2));
        found->second.push_back(turn);
    }
    // Whoever gives up stays in the queue for a while; its place was already answered and is skipped.
    const std::stop_callback on_stop(stop, [turn] { turn.set(false); });
    const bool mine = co_await turn.wait();
    if (!mine)
        throw Error(ErrorCode::cancelled, "The request was given up while it waited for its conversation.");
    co_return Lock(this, id);
}

void ConversationLocks::unlock(ConversationId id) {
    std::unique_lock guard(mutex_);
    const auto found = locked_.find(id);
    while (!found->second.empty()) {
        const OneShot<bool> next = found->second.front();
        found->second.pop_front();
        if (next.done()) continue;
        guard.unlock();
        if (next.set(true)) return;
        guard.lock();
    }
    locked_.erase(id);
}

}  // namespace assistd::core
