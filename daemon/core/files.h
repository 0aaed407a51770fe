#pragma once
// Files that programs upload for a purpose, such as to be searched by an assistant. Each is an artifact of
// the kind "file", which tools know by its handle, with what the uploader said of it. Artifacts that came
// another way are in no list of files, but who was told the id of one, such as of a picture in a message,
// finds it: with the purpose "assistants_output" when a tool made it, else "user_data". Values, and a port
// that the store implements; any thread.

#include "core/listing.h"
#include "core/ports.h"

namespace assistd::core {

struct File {
    Artifact artifact;
    std::string purpose;  // assistants, vision, batch, …: the uploader's word
    std::string status;   // uploaded, processed, error
    std::optional<Timestamp> expires_at;
};

struct FileQuery {
    Owner owner;
    std::string purpose;  // empty: every one
    Order order = Order::descending;
    std::optional<ArtifactId> after;  // exclusive, in this order
    int limit = 20;
};

// What has expired is not there for anybody, whether it was removed already or not.
class Files {
  public:
    virtual ~Files() = default;

    // As Artifacts::add, with the file in the same commit. `lifetime` counts from now; none: for ever.
    virtual Task<File> add(ArtifactDraft draft, std::string purpose,
                           std::optional<std::chrono::seconds> lifetime) = 0;
    virtual Task<File> find(Owner owner, ArtifactId id) = 0;  // throws Error{not_found}
    // By creation. Throws Error{validation} with the field "after" when that is no file of the owner.
    virtual Task<Slice<File>> list(FileQuery query) = 0;
    virtual Task<UniqueFd> open(File file) = 0;                 // for reading
    virtual Task<void> remove(Owner owner, ArtifactId id) = 0;  // throws Error{not_found}
    // Those of the artifacts, whoever's, that are not there.
    virtual Task<std::vector<ArtifactId>> missing(std::vector<ArtifactId> ids) = 0;
    // The files that expired first, at most so many; returns how many there were.
    virtual Task<int> remove_expired(int at_most) = 0;
};

}  // namespace assistd::core
