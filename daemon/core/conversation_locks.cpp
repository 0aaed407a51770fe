#include "core/conversation_locks.h"

#include <vector>

#include "base/error.h"

namespace assistd::core {
namespace {

Error is_answering() {
    return {ErrorCode::conflict, "This conversation is answering another message; wait for it or cancel it."};
}

}  // namespace

ConversationLocks::Lock ConversationLocks::lock_if_free(ConversationId id) {
    const std::lock_guard guard(mutex_);
    return locked_.try_emplace(id).second ? Lock(this, id) : Lock();
}

Task<ConversationLocks::Lock> ConversationLocks::lock(ConversationId id, bool wait, std::stop_token stop) {
    const OneShot<Answer> answer;
    {
        const std::lock_guard guard(mutex_);
        const auto [found, is_free] = locked_.try_emplace(id);
        if (is_free) co_return Lock(this, id);
        Held& held = found->second;
        if (!wait && held.turn_has_ended && !held.turn_has_ended()) throw is_answering();
        // Who gave up no longer waits.
        std::erase_if(held.waiting, [](const Waiter& waiter) { return waiter.answer.done(); });
        if (held.waiting.size() >= max_waiting)
            throw Error(ErrorCode::unavailable,
                        "Too many messages wait for this conversation already; try again later.")
                .with_retry_after(std::chrono::seconds(2));
        held.waiting.push_back({answer, wait});
    }
    // Whoever gives up stays in the queue for a while; its place was already answered and is skipped.
    const std::stop_callback on_stop(stop, [answer] { answer.set(Answer::given_up); });
    const Answer told = co_await answer.wait();
    if (told == Answer::held_by_a_turn) throw is_answering();
    if (told == Answer::given_up)
        throw Error(ErrorCode::cancelled, "The request was given up while it waited for its conversation.");
    co_return Lock(this, id);
}

void ConversationLocks::keep_for_turn(ConversationId id, std::function<bool()> has_ended) {
    std::vector<OneShot<Answer>> refused;
    {
        const std::lock_guard guard(mutex_);
        Held& held = locked_.at(id);
        held.turn_has_ended = std::move(has_ended);
        std::erase_if(held.waiting, [&refused](const Waiter& waiter) {
            if (!waiter.waits_for_turns) refused.push_back(waiter.answer);
            return !waiter.waits_for_turns;
        });
    }
    for (const OneShot<Answer>& answer : refused) answer.set(Answer::held_by_a_turn);
}

void ConversationLocks::unlock(ConversationId id) {
    std::unique_lock guard(mutex_);
    Held& held = locked_.at(id);
    held.turn_has_ended = {};
    while (!held.waiting.empty()) {
        const OneShot<Answer> next = held.waiting.front().answer;
        held.waiting.pop_front();
        if (next.done()) continue;
        guard.unlock();
        if (next.set(Answer::yours)) return;
        guard.lock();
    }
    locked_.erase(id);
}

}  // namespace assistd::core
