#pragma once
// The calls that go on in the background after their callers were told "running". Their progress lives in
// memory; their start and their end are stored, and the end is a notice in their conversation. Owned by app/,
// used by the executor, the built-in tools and the doors; any thread.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/ports.h"
#include "tools/running_call.h"

namespace assistd::tools {

class BackgroundJobs : public core::Jobs {
  public:
    explicit BackgroundJobs(core::Store& store);
    ~BackgroundJobs() override;

    Task<core::Job> status(core::Owner owner, JobId id) override;
    // Until it has ended, or the time is over. Throws Error{cancelled} when `stop` is requested.
    Task<core::Job> wait(core::Owner owner, JobId id, std::chrono::milliseconds at_most,
                         std::stop_token stop) override;
    // The same, and shows the job's progress meanwhile. The sink is called on the waiting coroutine's
    // executor.
    Task<core::Job> wait(core::Owner owner, JobId id, std::chrono::milliseconds at_most, std::stop_token stop,
                         core::ProgressSink sink);
    // Stops it and returns it as it ended. One that has ended already is returned as it is.
    Task<core::Job> cancel(core::Owner owner, JobId id) override;
    Task<void> cancel_all(core::Owner owner, ConversationId conversation) override;

    // The daemon goes down: from now on no end is stored, so that what is running is taken up after the
    // restart.
    void stop_storing() { storing_ = false; }
    bool storing() const { return storing_; }
    std::size_t running() const;

    // From here on for the executor.
    // Stores the job as running; it can be asked for from now on. Throws Error{unavailable} when it is not
    // stored.
    Task<void> begin(core::Job job, std::shared_ptr<RunningCall> running);
    // Stores how it ended, with the notice, and wakes those who wait.
    Task<void> end(JobId id, core::ToolOutcome outcome);
    // Ends a job of an earlier run of the daemon, which is not live.
    Task<void> end_stored(core::Job job, core::JobState state, core::ToolOutcome outcome);

  private:
    struct Live;
    std::shared_ptr<Live> live(const core::Owner& owner, JobId id) const;  // null: not (any more)
    Task<void> wait_for_end(std::shared_ptr<Live> job, std::chrono::milliseconds at_most,
                            std::stop_token stop);
    Task<bool> store_end(core::Job job, std::vector<core::ArtifactRef> artifacts);

    core::Store& store_;
    std::atomic<bool> storing_ = true;
    mutable std::mutex mutex_;
    std::map<JobId, std::shared_ptr<Live>> live_;
};

}  // namespace assistd::tools
