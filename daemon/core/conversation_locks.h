#pragma once
// One turn at a time in each conversation; who comes second waits in order. Thread-safe.

#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <unordered_map>

#include "base/async.h"
#include "base/ids.h"

namespace assistd::core {

class ConversationLocks {
  public:
    // Held for as long as the turn lives; gives the conversation to the next in line when it is destroyed.
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

      private:
        void release() {
            if (locks_) std::exchange(locks_, nullptr)->unlock(id_);
        }
        ConversationLocks* locks_ = nullptr;
        ConversationId id_;
    };

    // Throws Error{conflict} when the conversation is busy and `wait` is false, Error{unavailable} when too
    // many wait for it already, and Error{cancelled} when `stop` is requested first.
    Task<Lock> lock(ConversationId id, bool wait, std::stop_token stop);

    static constexpr std::size_t max_waiting = 64;  // for one conversation

  private:
    void unlock(ConversationId id);

    std::mutex mutex_;
    // Present: locked; the deque is who waits. true is delivered with the lock, false when the wait was given
    // up.
    std::unordered_map<ConversationId, std::deque<OneShot<bool>>> locked_;
};

}  // namespace assistd::core
