#pragma once
// Makes a state folder of a backup. Blocks; for a program that does nothing else.

#include <filesystem>
#include <functional>

#include "backup/manifest.h"

namespace assistd::backup {

struct Restored {
    Manifest manifest;
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t artifacts = 0;  // contents
};

// `state` must be empty but for its lock, which the caller holds. Everything is checked before anything gets
// its place: whatever is wrong with the backup, an Error{invalid_request | unavailable} says so and the
// folder is as it was.
Restored restore(const std::filesystem::path& file, const std::filesystem::path& state,
                 const std::function<void()>& between = {});

// What is wrong with a backup, in the Error that restore() would throw. Takes as much room for a while.
Restored check_backup(const std::filesystem::path& file, const std::filesystem::path& work_in,
                      const std::function<void()>& between = {});

}  // namespace assistd::backup
