#pragma once
// What a backup holds, as its last file, manifest.json, says it. A value; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace assistd::backup {

inline constexpr std::string_view manifest_name = "manifest.json";

struct BackupFile {
    std::string name;  // "assistd.db", "artifacts/ab/cdef…"
    std::int64_t size = 0;
    std::string sha256;
};

struct BackupDatabase {
    std::string name;
    int schema = 0;
};

struct Manifest {
    std::string version;  // of the assistd that made it
    Timestamp created_at;
    std::vector<BackupDatabase> databases;
    std::vector<BackupFile> files;
    // What the daemon itself had lost when the backup was made, by SHA-256: contents of artifacts that were
    // not there, and such that were not what they had been, which are in the backup as they were found.
    std::vector<std::string> missing;
    std::vector<std::string> damaged;
};

std::string this_version();
std::string to_json(const Manifest& manifest);
// Throws Error{invalid_request} for what is none, and for a newer format with the version that reads it.
Manifest manifest_of(const std::string& json);

}  // namespace assistd::backup
