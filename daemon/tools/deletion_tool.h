#pragma once
// The tool delete_artifacts, by which models delete files of the caller's when a person agrees. Owned by the
// registry; any thread.

#include <memory>
#include <vector>

#include "core/knowledge.h"
#include "core/ports.h"
#include "tools/source.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> deletion_specs();

class DeletionTool : public ToolSource {
  public:
    // The knowledge is told, so that what was a document is found no more.
    DeletionTool(core::Artifacts& artifacts, core::Knowledge& knowledge);

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override { return specs_; }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    core::Artifacts& artifacts_;
    core::Knowledge& knowledge_;
    std::vector<std::shared_ptr<const core::ToolSpec>> specs_;
};

}  // namespace assistd::tools
