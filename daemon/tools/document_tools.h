#pragma once
// The tool file_search, by which models look into the documents. Owned by the registry; any thread.

#include <memory>
#include <vector>

#include "core/citations.h"
#include "core/knowledge.h"
#include "tools/source.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> document_specs();

class DocumentTools : public ToolSource {
  public:
    // What a result has at most is the length that a model is shown whole: a longer one could not be cited.
    DocumentTools(core::Knowledge& knowledge, std::size_t most_bytes);
    void change(std::size_t most_bytes) { most_bytes_ = most_bytes; }  // of the results from now on

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override { return specs_; }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    Task<std::vector<VectorStoreId>> stores_of(core::ToolCall call, std::string named);

    core::Knowledge& knowledge_;
    std::atomic<std::size_t> most_bytes_;
    std::vector<std::shared_ptr<const core::ToolSpec>> specs_;
};

}  // namespace assistd::tools
