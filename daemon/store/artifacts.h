#pragma once
// core::Artifacts on the database and the artifact folder. Owned by Storage; any thread.

#include "core/ports.h"
#include "store/artifact_files.h"
#include "store/gentle_pace.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteArtifacts : public core::Artifacts {
  public:
    SqliteArtifacts(Writer& writer, Readers& readers, WorkerPool& file_workers, const ArtifactFiles& files,
                    std::size_t queue_limit)
        : writer_(writer),
          readers_(readers),
          file_workers_(file_workers),
          files_(files),
          background_worker_(1, queue_limit) {}

    UniqueFd new_file() override { return files_.new_file(); }
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft> drafts) override;
    Task<std::vector<core::Artifact>> add_in_background(std::vector<core::ArtifactDraft> drafts) override;
    // As add(), with more written in the commit that adds the rows.
    using Also = std::function<void(WriteScope& scope, const std::vector<core::Artifact>& added)>;
    Task<std::vector<core::Artifact>> add_with(std::vector<core::ArtifactDraft> drafts, Also also);
    Task<core::Artifact> find(core::Owner owner, std::string handle_or_id) override;
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery query) override;
    Task<UniqueFd> open(core::Artifact artifact) override;
    Task<void> remove(core::Owner owner, std::string handle_or_id) override;

  private:
    using SharedDrafts = std::shared_ptr<std::vector<core::ArtifactDraft>>;

    // Copies the drafts' files into the folder, at whatever pace; delivered when they are on the disk.
    using TakeFiles = std::function<OneShot<>(SharedDrafts drafts)>;
    Task<std::vector<core::Artifact>> keep(std::vector<core::ArtifactDraft> drafts, TakeFiles take,
                                           Also also);

    Writer& writer_;
    Readers& readers_;
    WorkerPool& file_workers_;
    const ArtifactFiles& files_;
    GentlePace pace_;  // of the one thread of:
    WorkerPool background_worker_;
};

// Removes the files that nothing needs any more, up to a committed ticket. A failure is logged and no error
// of whoever removed the row: the next start sweeps again.
Task<void> sweep(Writer& writer, const ArtifactFiles& files, std::int64_t up_to);

}  // namespace assistd::store
