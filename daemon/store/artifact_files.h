#pragma once
// The artifacts' bytes on disk: one file for each content, named by its SHA-256 ("artifacts/ab/cdef…"). What
// a file means is in the database. Any thread; two may store the same content at once.

#include <atomic>
#include <filesystem>
#include <string>

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
    // Copies the whole content of `file` and returns when it is safe on disk. The hash is of the bytes that
    // were copied, whatever happens to `file` meanwhile. Blocks for as long as the disk takes. Throws
    // Error{payload_too_large} when the disk has no room for it.
    Taken take(int file) const;

    bool has(const std::string& sha256) const;
    UniqueFd open(const std::string& sha256) const;  // throws Error{unavailable} when the file is gone
    void remove(const std::string& sha256) const;    // one that is gone already is fine

    // Between the two no file goes, whoever's it was: a backup is being made of them.
    void keep_all() const { ++keepers_; }
    void let_go() const { --keepers_; }
    bool keeps_all() const { return keepers_ > 0; }

  private:
    void check_room(int file) const;
    std::filesystem::path path_of(const std::string& sha256) const;
    void put_in_place(const std::filesystem::path& unfinished, const Taken& taken) const;

    std::filesystem::path folder_;
    std::filesystem::path incoming_;  // copies that are being written
    const std::uint64_t reserve_bytes_;
    mutable std::atomic<int> keepers_{0};
};

}  // namespace assistd::store
