#pragma once
// The calls that sources run at the moment, also those that went on as jobs, so that a user's can be ended
// together. Owned by the executor, shared with the calls; any thread.

#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "tools/running_call.h"

namespace assistd::tools {

class RunningCalls {
  public:
    // While it lives, the call is one of them.
    class Entry {
      public:
        Entry(std::shared_ptr<RunningCalls> calls, std::shared_ptr<RunningCall> call)
            : calls_(std::move(calls)), call_(std::move(call)) {
            const std::lock_guard lock(calls_->mutex_);
            calls_->calls_.insert(call_);
        }
        Entry(Entry&& other) noexcept = default;
        Entry& operator=(Entry&&) = delete;
        ~Entry() {
            if (!calls_) return;
            const std::lock_guard lock(calls_->mutex_);
            calls_->calls_.erase(call_);
        }

      private:
        std::shared_ptr<RunningCalls> calls_;
        std::shared_ptr<RunningCall> call_;
    };

    std::vector<std::shared_ptr<RunningCall>> of(const core::Owner& owner) const {
        return those([&](const RunningCall& running) { return running.call.owner == owner; });
    }
    // Whose caller waits for the result with no turn or study between, and which are no jobs.
    std::vector<std::shared_ptr<RunningCall>> awaited_directly() const {
        return those([](const RunningCall& running) {
            return running.call.turn.is_nil() && !running.call.background && !running.early.done();
        });
    }

  private:
    template <class Fits>
    std::vector<std::shared_ptr<RunningCall>> those(const Fits& fit) const {
        std::vector<std::shared_ptr<RunningCall>> found;
        const std::lock_guard lock(mutex_);
        for (const auto& running : calls_)
            if (fit(*running)) found.push_back(running);
        return found;
    }

    mutable std::mutex mutex_;
    std::unordered_set<std::shared_ptr<RunningCall>> calls_;
};

}  // namespace assistd::tools
