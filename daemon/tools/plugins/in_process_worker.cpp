#include "tools/plugins/in_process_worker.h"

#include <system_error>

#include "base/error.h"
#include "base/give_way.h"
#include "tools/plugins/in_process_plugin.h"

namespace assistd::tools {

InProcessWorker::InProcessWorker(std::shared_ptr<LibraryCopy> library, InProcessRights rights,
                                 std::shared_ptr<PluginLog> log) {
    const int niceness = rights.niceness;
    auto plugin = std::make_unique<Plugin>(std::move(library), std::move(rights), std::move(log));
    try {
        thread_ = std::thread(work, state_, std::move(plugin), niceness);
    } catch (const std::system_error& error) {
        throw Error(ErrorCode::unavailable,
                    std::string("A plugin's thread cannot be started: ") + error.what() + ".");
    }
}

InProcessWorker::~InProcessWorker() {
    quit();
    if (has_ended())
        thread_.join();
    else
        thread_.detach();
}

void InProcessWorker::run(std::shared_ptr<InProcessCall> call, Done done) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->job = Job{std::move(call), std::move(done)};
    }
    state_->changed.notify_all();
}

void InProcessWorker::quit() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->quits = true;
    }
    state_->changed.notify_all();
}

bool InProcessWorker::has_ended() const {
    const std::lock_guard lock(state_->mutex);
    return state_->ended;
}

bool InProcessWorker::has_ended_by(Clock::time_point until) const {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_until(lock, until, [this] { return state_->ended; });
}

void InProcessWorker::work(std::shared_ptr<State> state, std::unique_ptr<Plugin> plugin, int niceness) {
    if (niceness != 0) run_when_idle(0, niceness);
    for (;;) {
        std::optional<Job> job;
        {
            std::unique_lock lock(state->mutex);
            state->changed.wait(lock, [&] { return state->job || state->quits; });
            job.swap(state->job);
        }
        if (!job) break;
        InProcessEnd end = plugin->run(*job->call);
        job->done(std::move(end));
    }
    plugin.reset();
    const std::lock_guard lock(state->mutex);
    state->ended = true;
    state->changed.notify_all();
}

}  // namespace assistd::tools
