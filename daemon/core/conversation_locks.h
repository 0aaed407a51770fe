#pragma once
// One turn at a time in each conversation; who comes second waits in order. Messages are put into a
// conversation and taken out of it under the same lock, which is then held for a moment only. Thread-safe.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <unordered_map>

#include "base/async.h"
#include "base/ids.h"

namespace assistd::core {

class ConversationLocks {
  public:
    // Gives the conversation to the next in line when it is destroyed.
    class Lock {
      public:
        Lock() = default;
        Lock(ConversationLocks* locks, ConversationId id) : locks_(locks), id_(id) {}
        Lock(Lock&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), id_(other.id_) {}
        Lock& operator=(Lock&& other) noexcept {
            if (this != &other) {
                release();
                locks_ = std::exchange(other.locks_, nullptr);
                id_ = other.id_;
            }
            return *this;
        }
        ~Lock() { release(); }

        explicit operator bool() const { return locks_ != nullptr; }
        // From now on a turn holds it, for as long as it lives: who does not wait for turns is refused. Not
        // so once its end was told, which `has_ended` says: it lets go any moment.
        void keep_for_turn(std::function<bool()> has_ended) {
            if (locks_) locks_->keep_for_turn(id_, std::move(has_ended));
        }

      private:
        void release() {
            if (locks_) std::exchange(locks_, nullptr)->unlock(id_);
        }
        ConversationLocks* locks_ = nullptr;
        ConversationId id_;
    };

    // Nothing while somebody else has it.
    Lock lock_if_free(ConversationId id);
    // With `wait` false it is waited only until it is known that a turn holds the conversation: then throws
    // Error{conflict}. Throws Error{unavailable} when too many wait for it already, and Error{cancelled} when
    // `stop` is requested first.
    Task<Lock> lock(ConversationId id, bool wait, std::stop_token stop);

    static constexpr std::size_t max_waiting = 64;  // for one conversation

  private:
    enum class Answer { yours, given_up, held_by_a_turn };
    struct Waiter {
        OneShot<Answer> answer;
        bool waits_for_turns = true;
    };
    struct Held {
        std::function<bool()> turn_has_ended = {};  // empty: no turn holds it
        std::deque<Waiter> waiting;
    };

    void keep_for_turn(ConversationId id, std::function<bool()> has_ended);
    void unlock(ConversationId id);

    std::mutex mutex_;
    std::unordered_map<ConversationId, Held> locked_;
};

}  // namespace assistd::core
