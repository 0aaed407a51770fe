#pragma once
// What `assistd --restore` and `assistd --check-backup` do. On the main thread of a program that does nothing
// else.

#include <filesystem>
#include <functional>
#include <string>

namespace assistd::app {

// Makes a state folder of a backup. Returns a sentence about what is there now; throws Error with what is
// wrong, and then nothing was changed. `between` is called now and then and may throw to give up.
std::string restore_backup(const std::filesystem::path& file, const std::filesystem::path& state,
                           const std::function<void()>& between);
// Does the same to a folder that goes again.
std::string check_backup(const std::filesystem::path& file, const std::function<void()>& between);

}  // namespace assistd::app
