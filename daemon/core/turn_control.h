#pragma once
// How a running turn is stopped from outside, and why; and how its calls learn what a person decided. Shared
// by the turn and whoever may stop it; any thread.

#include <atomic>
#include <mutex>
#include <stop_token>
#include <string>

#include "core/client_calls.h"
#include "core/turn_approvals.h"

namespace assistd::core {

enum class StopCause {
    none,
    user,        // ends as cancelled
    shut_out,    // its user was disabled or deleted: ends as cancelled, too
    time_limit,  // ends as failed
    expired,     // the client brought no results of its calls in time: ends as failed
    not_stored,  // never began: its first write failed, and whoever asked for it was told so
    shutdown,    // stays "running" in the store and goes on after the restart
};

class TurnControl {
  public:
    // The first cause counts; false when there was one already. The reason is a sentence.
    bool stop(StopCause cause, const std::string& reason = "The turn was cancelled.") {
        {
            const std::lock_guard lock(mutex_);
            if (cause_ != StopCause::none) return false;
            cause_ = cause;
            reason_ = reason;
        }
        source_.request_stop();
        return true;
    }
    StopCause cause() const { return cause_; }
    std::string reason() const {
        const std::lock_guard lock(mutex_);
        return reason_;
    }
    std::stop_token token() const { return source_.get_token(); }
    // Where its calls wait for a person.
    TurnApprovals& approvals() { return approvals_; }
    // Where it waits for the results of its client's calls.
    ClientCalls& client_calls() { return client_calls_; }

  private:
    mutable std::mutex mutex_;
    std::atomic<StopCause> cause_ = StopCause::none;  // written with the mutex held
    std::string reason_;                              // guarded by mutex_
    std::stop_source source_;
    TurnApprovals approvals_;
    ClientCalls client_calls_;
};

}  // namespace assistd::core
