#pragma once
// The artifacts of one example, as the port through which the daemon looks artifacts up and opens them. Used
// by the caller's thread.

#include <filesystem>
#include <vector>

#include "core/ports.h"
#include "tools/plugins/manifest_examples.h"
#include "tools/source.h"

namespace assistd::check {

class ExampleFiles : public core::Artifacts {
  public:
    // Reads the files that the example names, below `folder`. Throws Error with a sentence.
    ExampleFiles(const tools::ToolExample& example, const std::filesystem::path& folder);

    UniqueFd new_file() override;
    Task<core::Artifact> find(core::Owner owner, std::string handle) override;
    Task<UniqueFd> open(core::Artifact artifact) override;
    // An example's artifacts are only read.
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft> drafts) override;
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery query) override;
    Task<void> remove(core::Owner owner, std::string handle) override;

  private:
    std::vector<tools::OpenArtifact> artifacts_;
};

}  // namespace assistd::check
