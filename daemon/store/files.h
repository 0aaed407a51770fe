#pragma once
// core::Files on the database and the artifacts. Owned by Storage; any thread.

#include "core/files.h"
#include "store/artifacts.h"

namespace assistd::store {

class SqliteFiles : public core::Files {
  public:
    SqliteFiles(Writer& writer, Readers& readers, SqliteArtifacts& artifacts, const ArtifactFiles& contents)
        : writer_(writer), readers_(readers), artifacts_(artifacts), contents_(contents) {}

    Task<core::File> add(core::ArtifactDraft draft, std::string purpose,
                         std::optional<std::chrono::seconds> lifetime) override;
    Task<core::File> find(core::Owner owner, ArtifactId id) override;
    Task<core::Slice<core::File>> list(core::FileQuery query) override;
    Task<UniqueFd> open(core::File file) override { return artifacts_.open(std::move(file.artifact)); }
    Task<void> remove(core::Owner owner, ArtifactId id) override;
    Task<std::vector<ArtifactId>> missing(std::vector<ArtifactId> ids) override;
    Task<int> remove_expired(int at_most) override;

  private:
    Writer& writer_;
    Readers& readers_;
    SqliteArtifacts& artifacts_;
    const ArtifactFiles& contents_;
};

}  // namespace assistd::store
