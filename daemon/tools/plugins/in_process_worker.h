#pragma once
// A thread of the daemon that has loaded a plugin and runs its calls, one after the other: what a plugin host
// is elsewhere, without its walls. It has a copy of the library, with variables of its own, and an instance
// that serves one owner's calls and is made anew for another's. The library stays loaded for ever, so a
// worker that is there is kept. Owned by an InProcessPool; any thread.

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/call_quotas.h"
#include "tools/plugins/in_process_call.h"
#include "tools/plugins/library_copy.h"
#include "tools/plugins/plugin_log.h"
#include "tools/plugins/scratch_sweeper.h"

namespace assistd::tools {

// What a worker is started with.
struct InProcessRights {
    std::filesystem::path scratch;            // in which each worker has its own folder
    std::shared_ptr<ScratchSweeper> sweeper;  // takes that at the end
    CallQuotas quotas;
    int niceness = 0;  // of its thread: 19 gives way to everything else
};

// What a call came to, beside its result.
struct InProcessEnd {
    SourceResult result;
    bool crashed = false;      // an exception left the plugin
    std::string load_failure;  // a sentence when the plugin could not be loaded at all
};

class InProcessWorker {
  public:
    using Clock = InProcessCall::Clock;
    // Called on the thread when the call has ended; the worker is free by then.
    using Done = std::function<void(InProcessEnd end)>;

    // Loads nothing yet. Throws Error{unavailable} when the system has no more threads.
    InProcessWorker(std::shared_ptr<LibraryCopy> library, InProcessRights rights,
                    std::shared_ptr<PluginLog> log);
    // A thread that has not ended by now is left to itself.
    ~InProcessWorker();
    InProcessWorker(const InProcessWorker&) = delete;
    InProcessWorker& operator=(const InProcessWorker&) = delete;

    // Once the last one has ended.
    void run(std::shared_ptr<InProcessCall> call, Done done);
    // The thread ends as soon as no call runs.
    void quit();
    bool has_ended() const;
    bool has_ended_by(Clock::time_point until) const;  // waits

    // Whose call it ran last; nothing: it has run none. The pool's alone.
    std::optional<core::Owner> owner;

  private:
    class Plugin;
    struct Job {
        std::shared_ptr<InProcessCall> call;
        Done done;
    };
    // Shared with the thread, which may be left to itself.
    struct State {
        mutable std::mutex mutex;
        mutable std::condition_variable changed;
        std::optional<Job> job;
        bool quits = false;
        bool ended = false;
    };

    static void work(std::shared_ptr<State> state, std::unique_ptr<Plugin> plugin, int niceness);

    const std::shared_ptr<State> state_ = std::make_shared<State>();
    std::thread thread_;
};

}  // namespace assistd::tools
