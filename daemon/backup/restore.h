#pragma once
// Makes a state folder of a backup. Blocks; for a program that does nothing else.

#include <filesystem>
#include <functional>

#include "backup/manifest.h"

namespace assistd::backup {

// Of the people who may use the daemon; both are 0 in backups of before there were any.
struct RestoredAccounts {
    std::int64_t users = 0;
    std::int64_t keys = 0;  // that were good when the backup was made
};

struct Restored {
    Manifest manifest;
    RestoredAccounts accounts;
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t artifacts = 0;  // contents
};

struct RestoreOptions {
    bool end_keys = false;  // all API keys, as if each had been revoked
};

// Of what is known of time in a state folder; what was restored says there that nothing is known, so that for
// a day nothing is removed because it has become old meanwhile.
inline constexpr std::string_view clock_file = "clock.json";

// `state` must be empty but for its lock, which the caller holds. Everything is checked before anything gets
// its place: whatever is wrong with the backup, an Error{invalid_request | unavailable} says so and the
// folder is as it was. All logins end: whose they were may have lost them since.
Restored restore(const std::filesystem::path& file, const std::filesystem::path& state,
                 const RestoreOptions& options = {}, const std::function<void()>& between = {});

// What is wrong with a backup, in the Error that restore() would throw. Takes as much room for a while.
Restored check_backup(const std::filesystem::path& file, const std::filesystem::path& work_in,
                      const std::function<void()>& between = {});

}  // namespace assistd::backup
