#pragma once
// The tool file_search, by which models look into the documents. Owned by the registry; any thread.

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/citations.h"
#include "core/knowledge.h"
#include "tools/source.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> document_specs();

class DocumentTools : public ToolSource {
  public:
    explicit DocumentTools(core::Knowledge& knowledge);

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override { return specs_; }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    Task<std::vector<VectorStoreId>> stores_of(core::ToolCall call, std::string named);
    int next_search(const core::ToolCall& call);

    core::Knowledge& knowledge_;
    std::vector<std::shared_ptr<const core::ToolSpec>> specs_;

    std::mutex mutex_;
    // How often the turns that searched last have searched: markers differ within a turn.
    std::map<TurnId, int> searches_;
    std::list<TurnId> turns_;  // oldest first
};

}  // namespace assistd::tools
