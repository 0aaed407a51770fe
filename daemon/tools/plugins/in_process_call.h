#pragma once
// One call of a plugin that the daemon has loaded itself: what its coroutine, the thread that runs it and the
// pool's watch tell each other. The first end counts; a thread that goes on after it goes on for nobody.
// Shared by the three; thread-safe.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "plugin_abi/caller_link.h"
#include "tools/source.h"

namespace assistd::tools {

class InProcessCall : public plugin_abi::CallerLink {
  public:
    using Clock = std::chrono::steady_clock;

    InProcessCall(SourceCall call, Clock::time_point now)
        : begun(now),
          deadline(now + call.spec->time_limit),
          spec(call.spec),
          catalogue(call.catalogue),
          call_(std::move(call)) {}

    const Clock::time_point begun;
    const Clock::time_point deadline;
    const std::shared_ptr<const core::ToolSpec> spec;
    const std::shared_ptr<Catalogue> catalogue;
    const core::Owner& owner() const { return call_.call.owner; }

    // The caller's side. Passes progress on, on the coroutine's executor, until the call has ended.
    static Task<SourceResult> follow(std::shared_ptr<InProcessCall> call, core::ProgressSink progress);
    // Nobody wants the result. One that does not run yet has ended with that.
    void ask_to_stop();

    // The pool's side. A call is begun once, unless it has ended by then.
    bool begin();
    // False when it had ended already.
    bool end(SourceResult result);
    bool has_ended() const;
    // When it was asked to stop; far in the future: it was not.
    Clock::time_point asked_to_stop_at() const { return asked_to_stop_at_; }

    // The thread's side, of a call that was begun.
    SourceCall& call() { return call_; }
    void progress(const HostProgress& progress) override;
    void began_artifact(std::uint64_t, int) override {}  // counted when the call ends
    bool cancel_has_come(std::uint64_t) override {
        return asked_to_stop_at_.load() != Clock::time_point::max();
    }
    std::optional<HostReply> ask(const HostQuestion& question) override;

  private:
    SourceCall call_;  // the thread's, once it has begun
    std::atomic<Clock::time_point> asked_to_stop_at_{Clock::time_point::max()};
    mutable std::mutex mutex_;
    bool begun_ = false;
    bool ended_ = false;
    std::optional<HostProgress> progress_;  // the newest that was not passed on
    std::optional<SourceResult> result_;
    std::optional<HostQuestion> question_;  // that was not passed on
    std::optional<HostReply> reply_;
    std::condition_variable replied_;  // or nobody waits any more
    OneShot<> news_;                   // that there is one of these
};

}  // namespace assistd::tools
