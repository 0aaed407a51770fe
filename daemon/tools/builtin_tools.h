#pragma once
// The daemon's own tools, for models: background jobs and artifacts of the caller's. Owned by the registry;
// any thread.

#include <memory>
#include <vector>

#include "tools/background_jobs.h"
#include "tools/source.h"

namespace assistd::tools {

class BuiltinTools : public ToolSource {
  public:
    BuiltinTools(BackgroundJobs& jobs, core::Store& store, core::Artifacts& artifacts);

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override { return specs_; }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    Task<SourceResult> answer(SourceCall call, core::ProgressSink progress);
    Task<SourceResult> get_job_status(SourceCall call);
    Task<SourceResult> wait_for_job(SourceCall call, core::ProgressSink progress);
    Task<SourceResult> cancel_job(SourceCall call);
    Task<SourceResult> list_jobs(SourceCall call);
    Task<SourceResult> show_artifact(SourceCall call);
    Task<SourceResult> list_artifacts(SourceCall call);
    // The job that the arguments name, or the newest of the conversation (of the owner's, for a direct call).
    // Throws Error{not_found} when there is none.
    Task<JobId> job_of(core::ToolCall call, bool only_running);
    // What the job says, with those of its artifacts that are still there.
    Task<SourceResult> report(core::Job job);

    BackgroundJobs& jobs_;
    core::Store& store_;
    core::Artifacts& artifacts_;
    std::vector<std::shared_ptr<const core::ToolSpec>> specs_;
};

}  // namespace assistd::tools
