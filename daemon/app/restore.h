#pragma once
// What `assistd --restore`, `--check-backup` and `--rebuild-search` do. On the main thread of a program that
// does nothing else.

#include <filesystem>
#include <functional>
#include <string>

namespace assistd::app {

struct RestoreOptions {
    bool end_keys = false;  // no API key of the backup is good any more
    bool as_json = false;   // what is said: for programs
};

// Makes a state folder of a backup. Returns what is there now; throws Error with what is wrong, and then
// nothing was changed. `between` is called now and then and may throw to give up.
std::string restore_backup(const std::filesystem::path& file, const std::filesystem::path& state,
                           const RestoreOptions& options, const std::function<void()>& between);
// Does the same to a folder that goes again.
std::string check_backup(const std::filesystem::path& file, const RestoreOptions& options,
                         const std::function<void()>& between);
// Makes what searches go by anew, in a state folder that no daemon uses. Returns a sentence.
std::string rebuild_search(const std::filesystem::path& state, const std::function<void()>& between);
// Such an Error for programs, as assistctl's own failures are told.
std::string error_as_json(const std::string& sentence);

}  // namespace assistd::app
