#include "tools/background_jobs.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::tools {
namespace {

constexpr std::chrono::seconds cancel_grace{5};

core::JobState state_of(const core::ToolOutcome& outcome) {
    if (outcome.success) return core::JobState::completed;
    return outcome.error == core::ToolErrorType::CancelledError ? core::JobState::cancelled
                                                                : core::JobState::failed;
}

// "run_dla_simulation finished: Grew 500 particles (simulation-3)."
std::string notice_text(const core::Job& job, const std::vector<core::ArtifactRef>& artifacts) {
    std::string summary = job.summary;
    while (summary.ends_with('.')) summary.pop_back();
    if (job.state == core::JobState::cancelled) return job.tool + " was cancelled.";
    if (job.state == core::JobState::lost) return job.tool + " was lost. " + summary + ".";
    if (job.state == core::JobState::failed) return job.tool + " failed: " + summary + ".";
    std::string handles;
    for (const core::ArtifactRef& artifact : artifacts)
        handles += (handles.empty() ? "" : ", ") + artifact.handle;
    std::string text = job.tool + " finished";
    if (!summary.empty()) text += ": " + summary;
    if (!handles.empty()) text += " (" + handles + ")";
    return text + ".";
}

core::Message notice(const core::Job& job, const std::vector<core::ArtifactRef>& artifacts) {
    core::Message message;
    message.id = MessageId::make();
    message.conversation = job.conversation;
    message.role = core::Role::system;
    message.blocks.push_back(core::TextBlock{notice_text(job, artifacts)});
    message.created_at = now();
    return message;
}

}  // namespace

struct BackgroundJobs::Live {
    core::Job job;  // guarded by mutex_; its state changes once
    std::shared_ptr<RunningCall> running;
    std::vector<OneShot<>> waiting;  // guarded by mutex_
    bool ended = false;              // guarded by mutex_; the end is stored or could not be
};

BackgroundJobs::BackgroundJobs(core::Store& store) : store_(store) {}
BackgroundJobs::~BackgroundJobs() = default;

std::size_t BackgroundJobs::running() const {
    const std::lock_guard lock(mutex_);
    return live_.size();
}

std::shared_ptr<BackgroundJobs::Live> BackgroundJobs::live(const core::Owner& owner, JobId id) const {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(id);
    return found == live_.end() || found->second->job.owner != owner ? nullptr : found->second;
}

Task<core::Job> BackgroundJobs::status(core::Owner owner, JobId id) {
    if (const auto found = live(owner, id)) {
        const core::ToolProgress progress = found->running->progress.latest();
        const std::lock_guard lock(mutex_);
        core::Job job = found->job;
        if (job.state == core::JobState::running) {
            job.fraction = progress.fraction;
            job.note = progress.note;
        }
        co_return job;
    }
    co_return co_await store_.job(std::move(owner), id);
}

Task<core::Job> BackgroundJobs::wait(core::Owner owner, JobId id, std::chrono::milliseconds at_most,
                                     std::stop_token stop) {
    core::ProgressSink nobody;
    co_return co_await wait(std::move(owner), id, at_most, std::move(stop), std::move(nobody));
}

Task<core::Job> BackgroundJobs::wait(core::Owner owner, JobId id, std::chrono::milliseconds at_most,
                                     std::stop_token stop, core::ProgressSink sink) {
    if (const auto found = live(owner, id)) {
        const Executor here = co_await asio::this_coro::executor;
        const ProgressHub::Watch watch = found->running->progress.watch(here, std::move(sink));
        co_await wait_for_end(found, at_most, stop);
        if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "The wait for the job was cancelled.");
    }
    co_return co_await status(std::move(owner), id);
}

Task<core::Job> BackgroundJobs::cancel(core::Owner owner, JobId id) {
    if (const auto found = live(owner, id)) {
        found->running->end_by_cancel();
        std::stop_token never;
        co_await wait_for_end(found, cancel_grace, never);
    }
    co_return co_await status(std::move(owner), id);
}

Task<void> BackgroundJobs::cancel_all(core::Owner owner, ConversationId conversation) {
    std::vector<JobId> running;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, entry] : live_)
            if (entry->job.owner == owner && entry->job.conversation == conversation) running.push_back(id);
    }
    for (const JobId id : running) co_await cancel(owner, id);
}

Task<void> BackgroundJobs::wait_for_end(std::shared_ptr<Live> job, std::chrono::milliseconds at_most,
                                        std::stop_token stop) {
    const OneShot<> over;
    {
        const std::lock_guard lock(mutex_);
        if (job->ended) co_return;
        job->waiting.push_back(over);
    }
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here, at_most);
    timer.async_wait([over](const boost::system::error_code&) { over.set(); });
    const std::stop_callback on_stop(stop, [over] { over.set(); });
    co_await over.wait();
    // Those that gave up would pile up at a job that runs for days.
    const std::lock_guard lock(mutex_);
    std::erase_if(job->waiting, [](const OneShot<>& shot) { return shot.done(); });
}

Task<void> BackgroundJobs::begin(core::Job job, std::shared_ptr<RunningCall> running) {
    const JobId id = job.id;
    auto entry = std::make_shared<Live>();
    entry->job = job;
    entry->running = std::move(running);
    {
        const std::lock_guard lock(mutex_);
        live_.emplace(id, std::move(entry));
    }
    const core::Write write = store_.put_job(job);
    std::exception_ptr error;
    try {
        co_await write.committed();
    } catch (...) {
        error = std::current_exception();
    }
    if (!error) co_return;
    const std::lock_guard lock(mutex_);
    live_.erase(id);
    std::rethrow_exception(error);
}

Task<void> BackgroundJobs::end(JobId id, core::ToolOutcome outcome) {
    if (!storing_) co_return;
    std::shared_ptr<Live> entry;
    core::Job job;
    {
        const std::lock_guard lock(mutex_);
        const auto found = live_.find(id);
        if (found == live_.end()) co_return;
        entry = found->second;
        const core::ToolProgress progress = entry->running->progress.latest();
        entry->job.state = state_of(outcome);
        entry->job.fraction = outcome.success ? 1.0 : progress.fraction;
        entry->job.note = progress.note;
        entry->job.result = outcome.body;
        entry->job.summary = outcome.summary;
        entry->job.used = outcome.used;
        entry->job.finished_at = now();
        job = entry->job;
    }
    const bool stored = co_await store_end(std::move(job), std::move(outcome.artifacts));
    const std::lock_guard lock(mutex_);
    entry->ended = true;
    // What could not be stored is still known until the daemon ends.
    if (stored) live_.erase(id);
    for (const OneShot<>& shot : entry->waiting) shot.set();
    entry->waiting.clear();
}

Task<void> BackgroundJobs::end_stored(core::Job job, core::JobState state, core::ToolOutcome outcome) {
    job.state = state;
    job.result = std::move(outcome.body);
    job.summary = std::move(outcome.summary);
    job.finished_at = now();
    co_await store_end(std::move(job), std::move(outcome.artifacts));
}

Task<bool> BackgroundJobs::store_end(core::Job job, std::vector<core::ArtifactRef> artifacts) {
    log::info("job ended job={} tool={} state={}", job.id.text(), job.tool, core::name_of(job.state));
    bool stored = false;
    try {
        std::optional<core::Message> message;
        if (!job.conversation.is_nil()) message = notice(job, artifacts);
        const core::Write write = store_.end_job(job, std::move(message));
        co_await write.committed();
        stored = true;
    } catch (const std::exception& error) {
        // The conversation may have been deleted meanwhile.
        log::error("job end not stored job={} error={}", job.id.text(), error.what());
    }
    co_return stored;
}

}  // namespace assistd::tools
