#pragma once
// The daemon's own tools for studies: for models, what /api/v1/ai/studies is for programs. Owned by the
// registry; any thread.

#include <memory>
#include <vector>

#include "core/study.h"
#include "tools/registry.h"
#include "tools/source.h"

namespace assistd::tools {

class StudyTools : public ToolSource {
  public:
    StudyTools(core::Studies& studies, const ToolRegistry& registry, const core::Tools& tools);

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override { return specs_; }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    Task<SourceResult> answer(SourceCall call);
    Task<SourceResult> create(SourceCall call);
    Task<SourceResult> status(SourceCall call);
    Task<SourceResult> results(SourceCall call);
    Task<SourceResult> ranked(core::Study study, std::string metric, bool highest);
    Task<SourceResult> list(SourceCall call);
    Task<SourceResult> cancel(SourceCall call);
    Task<SourceResult> retry(SourceCall call);
    // The study that the arguments name, by id or name, or the newest one of those that are
    // preferred. Throws Error{not_found}.
    using Preferred = bool (*)(const core::Study&);
    Task<core::Study> study_of(core::ToolCall call, Preferred preferred);
    Task<std::optional<SourceResult>> refusal(core::ToolCall call, std::string tool, std::string then);

    core::Studies& studies_;
    const ToolRegistry& registry_;
    const core::Tools& tools_;
    std::vector<std::shared_ptr<const core::ToolSpec>> specs_;
};

}  // namespace assistd::tools
