#include "tools/executor.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>

#include "base/deadline.h"
#include "base/logging.h"
#include "base/span.h"
#include "core/shorter_results.h"
#include "tools/audit_entry.h"
#include "tools/catalogue.h"
#include "tools/completion.h"
#include "tools/results.h"
#include "tools/tool_pattern.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using core::ToolOutcome;

SourceResult result_of(const Error& error) {
    if (error.code() == ErrorCode::cancelled)
        return failed(ToolErrorType::CancelledError, error.what(), true);
    if (error.code() == ErrorCode::timeout) return failed(ToolErrorType::TimeoutError, error.what(), true);
    const bool busy = error.code() == ErrorCode::unavailable;
    return failed(ToolErrorType::InternalError, error.what(), busy);
}

void describe(const core::ToolCall& call, Span& span) {
    if (!span.records()) return;
    span.set("gen_ai.operation.name", "execute_tool");
    span.set("gen_ai.tool.name", call.name);
    span.set("gen_ai.tool.type", "function");
    if (!call.call_id.empty()) span.set("gen_ai.tool.call.id", call.call_id);
    if (!call.conversation.is_nil()) span.set("gen_ai.conversation.id", call.conversation.text());
}

// Runs the tool; whatever it throws becomes a failure.
Task<SourceResult> call_source(std::shared_ptr<ToolSource> source, SourceCall call,
                               core::ProgressSink progress) {
    const std::string name = call.spec->name;
    SourceResult result;
    try {
        result = co_await source->call(std::move(call), std::move(progress));
    } catch (const Error& error) {
        result = result_of(error);
    } catch (const std::exception& error) {
        log::error("tool source threw tool={} error={}", name, error.what());
        result = failed(ToolErrorType::InternalError, name + " failed inside the daemon.", false);
    }
    co_return result;
}

}  // namespace

ToolExecutor::ToolExecutor(Executor executor, const ToolRegistry& registry, core::Store& store,
                           core::Artifacts& artifacts, core::AuditLog& audit, BackgroundJobs& jobs,
                           ExecutorOptions options)
    : executor_(std::move(executor)),
      registry_(registry),
      store_(store),
      artifacts_(artifacts),
      audit_(audit),
      jobs_(jobs),
      options_(std::move(options)),
      slots_(std::make_shared<CallSlots>(options_.latest()->max_running, options_.latest()->max_queued)) {}

Task<ToolOutcome> ToolExecutor::execute(core::ToolCall call, core::ProgressSink progress) {
    Span span("execute_tool " + call.name);
    describe(call, span);
    const bool is_direct = call.turn.is_nil() && !call.background;
    std::optional<DirectCalls::Place> caller_waits;
    if (is_direct) caller_waits.emplace(direct_calls_.enter());
    core::AuditEntry entry = entry_of(call, registry_.find(call.name).get());
    const core::CallGate gate = std::exchange(call.gate, nullptr);
    Checked checked = co_await check(std::move(call), Begun::now);
    // Last of all, since it may wait for a person, who is not asked about a call that would be refused.
    if (gate && !checked.refusal) checked = co_await ask(std::move(checked), gate);
    entry.decided_by = checked.decided_by;
    const auto began = std::chrono::steady_clock::now();
    ToolOutcome outcome;
    if (checked.running) checked.running->activity = span.activity();
    if (checked.refusal) {
        outcome = std::move(*checked.refusal);
    } else {
        co_await record_begin(entry, *checked.running, is_direct);
        outcome = co_await run(std::move(checked), std::move(progress));
    }
    outcome.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    if (outcome.job) span.set("assistd.job.id", outcome.job->text());
    if (outcome.error) span.failed(core::name_of(*outcome.error), "");
    span.end();
    // A turn's end, and a study's run, are committed behind it. A direct call has nothing else to wait for.
    if (is_direct)
        co_await record_and_wait(std::move(entry), outcome);
    else
        record(std::move(entry), outcome);
    co_return outcome;
}

// So that a call is known of should the daemon die of it or meanwhile. Turns and studies make those calls
// again that may be repeated, which are known of then.
Task<void> ToolExecutor::record_begin(core::AuditEntry& entry, const RunningCall& running, bool is_direct) {
    try {
        if (running.tool->source->runs_in_daemon(*running.tool->spec))
            co_await audit_.begin(entry).committed();
        else if (is_direct || !running.tool->spec->effects.idempotent)
            static_cast<void>(audit_.begin(entry));
    } catch (const std::exception& error) {
        log::error("the call of {} is not in the audit log: {}", entry.tool, error.what());
    }
}

void ToolExecutor::record(core::AuditEntry entry, const ToolOutcome& outcome) {
    complete_entry(entry, outcome);
    try {
        audit_.add_soon(entry);
    } catch (const std::exception& error) {
        log::error("the call of {} is not in the audit log: {}", entry.tool, error.what());
    }
}

Task<void> ToolExecutor::record_and_wait(core::AuditEntry entry, ToolOutcome outcome) {
    complete_entry(entry, outcome);
    try {
        const core::Write added = audit_.add(entry);
        co_await added.committed();
    } catch (const std::exception& error) {
        log::error("the call of {} is not in the audit log: {}", entry.tool, error.what());
    }
}

void ToolExecutor::complete_entry(core::AuditEntry& entry, const ToolOutcome& outcome) const {
    log::debug("tool call tool={} success={} error={} duration_us={}", entry.tool, outcome.success,
               outcome.error ? core::name_of(*outcome.error) : "", outcome.duration.count());
    const auto options = options_.latest();
    options->meters->tool_called(entry.tool, outcome);
    if (outcome.refusal) options->meters->tool_refused(*outcome.refusal);
    finish(entry, outcome);
}

CallSlots::Place ToolExecutor::slot_for(const RunningCall& running) {
    // The daemon's own tools mostly wait for others; with slots of their own they could block what they wait
    // for.
    if (is_built_in(*running.tool->spec)) return {};
    return slots_->enter();
}

std::chrono::milliseconds ToolExecutor::job_after(const core::ToolSpec& spec) const {
    const auto options = options_.latest();
    const auto configured = options->job_after.find(spec.name);
    return configured == options->job_after.end() ? spec.job_after : configured->second;
}

Task<ToolOutcome> ToolExecutor::run(Checked checked, core::ProgressSink progress) {
    const std::shared_ptr<RunningCall> running = checked.running;
    Held held{slot_for(*running), std::move(checked.quota)};
    const bool may_become_job = !running->call.background && !running->call.caller_waits;
    if (running->tool->spec->long_running && may_become_job) {
        ToolOutcome outcome = co_await go_on_as_job(running);
        // The job's first end comes early, where nobody waits: what the source gives is to come late.
        start_source(running, std::move(checked.artifacts), std::move(held));
        co_return outcome;
    }
    const Executor here = co_await asio::this_coro::executor;
    const ProgressHub::Watch watch = running->progress.watch(here, std::move(progress));
    std::optional<SourceResult> result;
    {
        const Deadline patience(here, job_after(*running->tool->spec), [running, may_become_job] {
            if (may_become_job) running->early.set(std::nullopt);
        });
        const std::stop_callback on_cancel(running->call.stop, [running] { running->end_by_cancel(); });
        start_source(running, std::move(checked.artifacts), std::move(held));
        result = co_await running->early.wait();
    }
    if (!result) co_return co_await go_on_as_job(running);
    co_return co_await complete(running, std::move(*result));
}

void ToolExecutor::start_source(std::shared_ptr<RunningCall> running, std::vector<OpenArtifact> artifacts,
                                Held held) {
    SourceCall call;
    call.call = running->call;
    call.call.stop = running->stop.get_token();
    call.spec = running->tool->spec;
    call.artifacts = std::move(artifacts);
    call.catalogue = running->catalogue = catalogue_for(*running);
    held.running.emplace(running_calls_, running);
    // Who was shut out just now was so before end_all_of() looked for this call.
    const std::string why = options_.latest()->policy->caller(running->call.owner).shut_out;
    if (!why.empty()) running->end_by_cancel(why);
    const Executor strand = working_for(copy_of(running->activity), asio::make_strand(executor_));
    asio::co_spawn(strand, run_source(std::move(running), std::move(call), std::move(held)), asio::detached);
}

void ToolExecutor::end_all_of(const core::Owner& owner, const std::string& why) const {
    for (const auto& running : running_calls_->of(owner)) running->end_by_cancel(why);
}

Task<void> ToolExecutor::shut_down(std::chrono::steady_clock::time_point until) {
    const auto cut = [calls = running_calls_] {
        for (const auto& running : calls->awaited_directly())
            running->end_by_cancel("The call was stopped because the daemon is shutting down.");
    };
    co_await direct_calls_.close(until, cut);
}

std::shared_ptr<CallCatalogue> ToolExecutor::catalogue_for(const RunningCall& running) {
    const std::shared_ptr<const core::ToolSpec>& spec = running.tool->spec;
    if (spec->looks_up.empty()) return nullptr;
    CallCatalogue::Sources sources{&artifacts_, &store_, &jobs_, {}};
    for (const auto& tool : registry_.all()->tools)
        if (tool->plugin == spec->plugin) sources.plugin_tools.insert(tool->name);
    return std::make_shared<CallCatalogue>(std::move(sources), spec, running.call, running.stop.get_token());
}

Task<void> ToolExecutor::run_source(std::shared_ptr<RunningCall> running, SourceCall call, Held held) {
    const std::stop_token stop = running->stop.get_token();
    const bool granted = co_await held.slot.granted(stop);
    if (!granted) {
        held.quota = Quotas::Place();
        co_return running->end_by_cancel();
    }
    held.quota.count();

    const Executor here = co_await asio::this_coro::executor;
    const Deadline limit(here, running->tool->spec->time_limit + options_.latest()->time_limit_grace,
                         [running] { running->end_by_time_limit(); });
    core::ProgressSink report = [running](const core::ToolProgress& progress) {
        running->progress.report(progress);
    };
    SourceResult result = co_await call_source(running->tool->source, std::move(call), std::move(report));
    held.quota = Quotas::Place();  // first: whoever is told of the end may call again
    running->end(std::move(result));
}

Task<ToolOutcome> ToolExecutor::complete(std::shared_ptr<RunningCall> running, SourceResult result) {
    const core::CallResources used = result.used;
    ToolOutcome outcome = co_await outcome_of(std::move(running), std::move(result));
    outcome.used = used;
    co_return outcome;
}

Task<ToolOutcome> ToolExecutor::outcome_of(std::shared_ptr<RunningCall> running, SourceResult result) {
    if (!result.success) co_return failure_of(*running, result);
    if (std::optional<ToolOutcome> broken = broken_promise(*running, result)) co_return std::move(*broken);
    if (running->catalogue) {
        const std::vector<core::ArtifactRef> added = running->catalogue->added();
        result.existing.insert(result.existing.end(), added.begin(), added.end());
    }
    if (!result.artifacts.empty() || is_too_long(*running, result))
        co_return co_await store_artifacts(std::move(running), std::move(result));
    co_return success(result.data, result.summary, std::move(result.existing));
}

// A program that calls a tool directly can take any length.
bool ToolExecutor::is_too_long(const RunningCall& running, const SourceResult& result) const {
    const bool any_length = running.call.turn.is_nil() && !running.call.background;
    return !any_length && result.data.size() > options_.latest()->max_result_bytes;
}

Task<ToolOutcome> ToolExecutor::store_artifacts(std::shared_ptr<RunningCall> running, SourceResult result) {
    std::vector<core::ArtifactRef> refs = std::move(result.existing);
    std::optional<std::string> trouble;
    bool is_full = false;
    try {
        const bool too_long = is_too_long(*running, result);
        if (too_long) result.artifacts.push_back(whole_result(*running, result, artifacts_.new_file()));
        std::vector<core::ArtifactDraft> drafts = completed_drafts(*running, result);
        Task<std::vector<core::Artifact>> storing = running->call.background
                                                        ? artifacts_.add_in_background(std::move(drafts))
                                                        : artifacts_.add(std::move(drafts));
        const std::vector<core::Artifact> stored = co_await std::move(storing);
        for (const core::Artifact& artifact : stored) refs.push_back(ref_of(artifact));
        if (too_long)
            result.data =
                core::truncated_data(result.data, options_.latest()->max_result_bytes, stored.back().handle);
    } catch (const Error& error) {
        trouble = error.what();
        is_full = error.code() == ErrorCode::payload_too_large;
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (!trouble) co_return success(result.data, result.summary, std::move(refs));
    const std::string& name = running->tool->spec->name;
    log::error("files of a call cannot be stored tool={} error={}", name, *trouble);
    if (is_full) co_return failure(ToolErrorType::QuotaExceededError, *trouble, true);
    co_return failure(ToolErrorType::InternalError, name + " ran, but its files could not be stored.", true);
}

}  // namespace assistd::tools
