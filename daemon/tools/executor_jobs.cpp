// The part of the executor that is about background jobs: calls that take long, and those of an earlier run.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>

#include "base/logging.h"
#include "core/tool_outcomes.h"
#include "tools/audit_entry.h"
#include "tools/completion.h"
#include "tools/executor.h"
#include "tools/results.h"

namespace assistd::tools {

using core::ToolErrorType;
using core::ToolOutcome;

namespace {

core::ToolCall call_of(const core::Job& job) {
    core::ToolCall call;
    call.call_id = job.call_id;
    call.name = job.tool;
    call.arguments = job.arguments;
    call.owner = job.owner;
    call.project_id = job.project_id;
    call.conversation = job.conversation;
    call.turn = job.turn;
    return call;
}

}  // namespace

Task<ToolOutcome> ToolExecutor::go_on_as_job(std::shared_ptr<RunningCall> running) {
    core::Job job = job_of(*running);
    const JobId id = job.id;
    std::optional<std::string> trouble;
    try {
        co_await jobs_.begin(std::move(job), running);
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    const std::string& name = running->tool->spec->name;
    if (trouble) {
        // Without a stored job nobody could learn how it ended.
        log::error("job cannot be stored tool={} error={}", name, *trouble);
        running->end_by_cancel();
        co_return failure(ToolErrorType::InternalError, name + " could not be made a background job.", true);
    }
    follow_job(running, id);
    co_return core::running_outcome(name, id, running->progress.latest().fraction);
}

void ToolExecutor::follow_job(std::shared_ptr<RunningCall> running, JobId id) {
    running->early.set(std::nullopt);  // from here on the result comes late
    const Executor strand = working_for(copy_of(running->activity), asio::make_strand(executor_));
    asio::co_spawn(strand, finish_job(std::move(running), id), asio::detached);
}

Task<void> ToolExecutor::finish_job(std::shared_ptr<RunningCall> running, JobId id) {
    SourceResult result = co_await running->late.wait();
    // Run again after the restart; files stored now would be there twice.
    if (!jobs_.storing()) co_return;
    ToolOutcome outcome = co_await complete(running, std::move(result));
    outcome.duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - running->began);
    core::AuditEntry entry = entry_of(running->call, running->tool.get());
    entry.job = id;
    entry.decided_by = running->decided_by;
    record(std::move(entry), outcome);
    co_await jobs_.end(id, std::move(outcome));
}

Task<void> ToolExecutor::recover() {
    co_await audit_.lose_running().committed();
    const std::vector<core::Job> jobs = co_await store_.unfinished_jobs();
    for (const core::Job& job : jobs) co_await recover_job(job);
}

Task<void> ToolExecutor::recover_job(core::Job job) {
    const auto tool = registry_.find(job.tool);
    if (!tool || !tool->spec->effects.idempotent) {
        const std::string why = tool ? "The daemon ended while it ran, and it cannot simply be run again."
                                     : "The daemon ended while it ran, and the tool is no longer there.";
        co_return co_await lose_job(std::move(job), tool.get(),
                                    failure(ToolErrorType::InternalError, why, false));
    }
    core::ToolCall call = call_of(job);
    core::AuditEntry entry = entry_of(call, tool.get());
    Checked checked = co_await check(std::move(call), Begun::before_a_restart);
    if (checked.refusal) {
        ToolOutcome refusal = std::move(*checked.refusal);
        entry.job = job.id;
        entry.decided_by = checked.decided_by;
        record(std::move(entry), refusal);
        // Cancelled: its user may have nothing run any more.
        const bool cancelled = refusal.error == ToolErrorType::CancelledError;
        const core::JobState state = cancelled ? core::JobState::cancelled : core::JobState::failed;
        co_await jobs_.end_stored(std::move(job), state, std::move(refusal));
        co_return;
    }
    co_await begin_again(std::move(job), std::move(checked));
}

Task<void> ToolExecutor::lose_job(core::Job job, const RegisteredTool* tool, ToolOutcome lost) {
    core::AuditEntry entry = entry_of(call_of(job), tool);
    entry.job = job.id;
    entry.at = now();
    entry.outcome = "lost";
    try {
        audit_.add_soon(entry);
    } catch (const std::exception& error) {
        log::error("the call of {} is not in the audit log: {}", entry.tool, error.what());
    }
    co_await jobs_.end_stored(std::move(job), core::JobState::lost, std::move(lost));
}

Task<void> ToolExecutor::begin_again(core::Job job, Checked checked) {
    log::info("job begun again job={} tool={}", job.id.text(), job.tool);
    const JobId id = job.id;
    std::optional<CallSlots::Place> slot;
    try {
        slot.emplace(slot_for(*checked.running));
    } catch (const Error& busy) {
        log::error("job cannot be begun again job={} error={}", id.text(), busy.what());
    }
    if (!slot) {
        ToolOutcome lost = failure(ToolErrorType::InternalError,
                                   "The daemon ended while it ran, and had no room to run it again.", true);
        co_return co_await lose_job(std::move(job), checked.running->tool.get(), std::move(lost));
    }
    co_await jobs_.begin(std::move(job), checked.running);
    follow_job(checked.running, id);
    Held held{std::move(*slot), std::move(checked.quota)};
    start_source(checked.running, std::move(checked.artifacts), std::move(held));
}

}  // namespace assistd::tools
