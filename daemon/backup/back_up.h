#pragma once
// Makes a backup of a state folder that a daemon uses meanwhile. Blocks; on a thread of its own.

#include <filesystem>
#include <functional>

#include "backup/manifest.h"
#include "base/unique_fd.h"

namespace assistd::backup {

struct MadeBackup {
    UniqueFd file;  // without a name, so that nothing is left of it but what somebody keeps
    std::int64_t size = 0;
    Manifest manifest;
};

// Everything that was committed before it is called is in it, and artifacts that its database names. It was
// opened again and compared before it is returned. No file of an artifact may be removed meanwhile
// (Storage::keep_files). `between` is called after each piece of work, and may throw. Throws
// Error{unavailable} when the disk is full or a database is damaged.
MadeBackup back_up(const std::filesystem::path& state, const std::function<void()>& between);

}  // namespace assistd::backup
