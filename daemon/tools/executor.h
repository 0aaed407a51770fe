#pragma once
// Runs tools. Every call, by whatever door, takes the same way: does the tool exist? is a project given? may
// it be called? do the arguments fit? is a quota left? does a person allow it? is there a free slot? then it
// runs with its limits, its files are stored, and the outcome is recorded. A call that takes long goes on as
// a background job. Who calls says by its gate how a person is asked; a call without one is a person's own.
//
// Owned by app/; must outlive the io_context's run. Any thread; a coroutine that awaits execute() runs on a
// strand.

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/live.h"
#include "core/meters.h"
#include "core/ports.h"
#include "tools/background_jobs.h"
#include "tools/call_slots.h"
#include "tools/direct_calls.h"
#include "tools/policy.h"
#include "tools/quotas.h"
#include "tools/registry.h"
#include "tools/running_call.h"
#include "tools/running_calls.h"

namespace assistd::tools {

struct ExecutorOptions {
    int max_running = 64;  // calls of plugins at the same time; the daemon's own tools need no slot
    int max_queued = 1'024;
    // Instead of ToolSpec::job_after, by the tool's name.
    std::map<std::string, std::chrono::milliseconds, std::less<>> job_after;
    // Sources enforce the time limit; this much later the executor does.
    std::chrono::milliseconds time_limit_grace{1'000};
    std::shared_ptr<core::Meters> meters = std::make_shared<core::Meters>();
    // A turn's result that is longer is kept whole as an artifact; the model sees its beginning.
    std::size_t max_result_bytes = 64 << 10;
    std::shared_ptr<const Policy> policy = std::make_shared<Policy>();
    std::shared_ptr<Quotas> quotas;      // null: there are no limits
    core::Projects* projects = nullptr;  // null: a project that a call's arguments name is not looked up
};

class ToolExecutor : public core::Tools {
  public:
    // The calls run on strands of `executor`, so that jobs outlive the turns that began them.
    ToolExecutor(Executor executor, const ToolRegistry& registry, core::Store& store,
                 core::Artifacts& artifacts, core::AuditLog& audit, BackgroundJobs& jobs,
                 ExecutorOptions options = {});

    std::shared_ptr<const core::ToolSet> all() const override { return registry_.all(); }
    std::shared_ptr<const core::ToolSet> offered_to(const core::Owner& user) const override;
    Task<core::ToolAccess> access(core::Owner user,
                                  std::shared_ptr<const core::ToolSpec> tool) const override;
    std::vector<core::PluginStatus> plugins() const override { return registry_.plugins(); }
    bool release_plugin(const std::string& id) override { return registry_.release_plugin(id); }
    bool approve_plugin(const std::string& id) override { return registry_.approve_plugin(id); }
    Task<core::ToolOutcome> execute(core::ToolCall call, core::ProgressSink progress) override;

    std::size_t waiting_calls() const { return slots_->waiting(); }
    // Cancels what runs for a user who was shut out, also his jobs, and does not wait for it.
    void end_all_of(const core::Owner& owner, const std::string& why) const;
    // What counts for the calls that are made from now on; the slots stay as they were made.
    void change(ExecutorOptions options) { options_.replace(std::move(options)); }
    ExecutorOptions options() const { return *options_.latest(); }

    // Begins no more calls that come by themselves, and hears out those that run: until then, when they are
    // cancelled. Once, when the daemon ends.
    Task<void> shut_down(std::chrono::steady_clock::time_point until);

    // Jobs that were running when the daemon died: begun again when their tool is idempotent, otherwise lost,
    // with a notice. To be called once, when all sources are registered and before the first call.
    Task<void> recover();

  private:
    // A call that passed every check, or why it did not.
    struct Checked {
        std::shared_ptr<RunningCall> running;
        std::vector<OpenArtifact> artifacts;
        Quotas::Place quota;
        std::optional<core::ToolOutcome> refusal;
        std::string decided_by;  // as AuditEntry
        std::shared_ptr<const ExecutorOptions> options = {};
    };
    // What a call holds until its source has ended.
    struct Held {
        CallSlots::Place slot;
        Quotas::Place quota;
        std::optional<RunningCalls::Entry> running = {};
    };
    enum class Begun { now, before_a_restart };

    // executor_checks.cpp
    Task<Checked> check(core::ToolCall call, Begun begun);
    Task<Checked> read(Checked checked, std::shared_ptr<const RegisteredTool> tool, core::ToolCall call);
    Task<Checked> take_quota(Checked checked, Caller caller, Begun begun);
    Task<Checked> ask(Checked checked, core::CallGate gate) const;

    Task<core::ToolOutcome> run(Checked checked, core::ProgressSink progress);
    CallSlots::Place slot_for(const RunningCall& running);
    std::chrono::milliseconds job_after(const core::ToolSpec& spec) const;

    std::shared_ptr<CallCatalogue> catalogue_for(const RunningCall& running);
    void start_source(std::shared_ptr<RunningCall> running, std::vector<OpenArtifact> artifacts, Held held);
    Task<void> run_source(std::shared_ptr<RunningCall> running, SourceCall call, Held held);

    Task<core::ToolOutcome> complete(std::shared_ptr<RunningCall> running, SourceResult result);
    Task<core::ToolOutcome> outcome_of(std::shared_ptr<RunningCall> running, SourceResult result);
    bool is_too_long(const RunningCall& running, const SourceResult& result) const;
    Task<core::ToolOutcome> store_artifacts(std::shared_ptr<RunningCall> running, SourceResult result);

    Task<core::ToolOutcome> go_on_as_job(std::shared_ptr<RunningCall> running);
    Task<void> finish_job(std::shared_ptr<RunningCall> running, JobId id);
    // A log that takes no more is a line in the daemon's own; the call is good all the same.
    Task<void> record_begin(core::AuditEntry& entry, const RunningCall& running, bool is_direct);
    void record(core::AuditEntry entry, const core::ToolOutcome& outcome);
    Task<void> record_and_wait(core::AuditEntry entry, core::ToolOutcome outcome);
    void complete_entry(core::AuditEntry& entry, const core::ToolOutcome& outcome) const;
    void follow_job(std::shared_ptr<RunningCall> running, JobId id);
    Task<void> recover_job(core::Job job);
    Task<void> lose_job(core::Job job, const RegisteredTool* tool, core::ToolOutcome lost);
    Task<void> begin_again(core::Job job, Checked checked);

    const Executor executor_;
    const ToolRegistry& registry_;
    core::Store& store_;
    core::Artifacts& artifacts_;
    core::AuditLog& audit_;
    BackgroundJobs& jobs_;
    Live<ExecutorOptions> options_;
    const std::shared_ptr<CallSlots> slots_;
    DirectCalls direct_calls_;
    const std::shared_ptr<RunningCalls> running_calls_ = std::make_shared<RunningCalls>();
};

}  // namespace assistd::tools
