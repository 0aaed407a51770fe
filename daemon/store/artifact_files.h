#pragma once
// The artifacts' bytes on disk: one file for each content, named by its SHA-256 ("artifacts/ab/cdef…"). What
// a file means is in the database. Any thread; two may store the same content at once.

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::store {

class ArtifactFiles {
  public:
    // Makes the folder when it is absent, and removes what earlier processes left half-written.
    // New content leaves `reserve_bytes` of the disk free.
    explicit ArtifactFiles(std::filesystem::path folder, std::uint64_t reserve_bytes = 0);

    UniqueFd new_file() const;  // without a name, for reading and writing

    struct Taken {
        std::string sha256;
        std::int64_t size = 0;
    };
    // Copies the whole content of each file and returns when all are safe on disk, which for several takes
    // little longer than for one. The hashes are of the bytes that were copied, whatever happens to the files
    // meanwhile. Blocks for as long as the disk takes. Throws Error{payload_too_large} when the disk has no
    // room for them.
    std::vector<Taken> take(const std::vector<int>& files) const;

    bool has(const std::string& sha256) const;
    UniqueFd open(const std::string& sha256) const;  // throws Error{unavailable} when the file is gone
    void remove(const std::string& sha256) const;    // one that is gone already is fine

    // Between the two no file goes, whoever's it was: a backup is being made of them.
    void keep_all() const { ++keepers_; }
    void let_go() const { --keepers_; }
    bool keeps_all() const { return keepers_ > 0; }

  private:
    void check_room(const std::vector<int>& files) const;
    std::filesystem::path path_of(const std::string& sha256) const;
    // Returns the folder that must be synced for it to stay there.
    std::filesystem::path put_in_place(const std::filesystem::path& unfinished, const Taken& taken) const;

    std::filesystem::path folder_;
    std::filesystem::path incoming_;  // copies that are being written
    const std::uint64_t reserve_bytes_;
    mutable std::atomic<int> keepers_{0};
};

}  // namespace assistd::store
