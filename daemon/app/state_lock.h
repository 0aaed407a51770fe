#pragma once
// One daemon for one state folder. Taken before anything in the folder is touched and held until the daemon
// ends, however it ends.

#include <filesystem>

#include "base/unique_fd.h"

namespace assistd::app {

class StateLock {
  public:
    static constexpr const char* name = "lock";  // of its file, in the folder

    // Makes the folder when there is none. Throws Error{unavailable} that names the other daemon's process,
    // or says why the folder or the lock cannot be used and what to do about it.
    explicit StateLock(const std::filesystem::path& folder);

  private:
    UniqueFd file_;
};

// Takes from all but its owner what they may do with a folder that was there already, where this process may,
// and logs that; else warns.
void keep_to_owner(const std::filesystem::path& folder);

// A daemon has run on it. Throws Error{not_found} for one where none has, which is most likely mistyped.
void check_is_state_folder(const std::filesystem::path& folder);

}  // namespace assistd::app
