#pragma once
// One daemon for one state folder. Taken before anything in the folder is touched and held until the daemon
// ends, however it ends.

#include <filesystem>

#include "base/unique_fd.h"

namespace assistd::app {

class StateLock {
  public:
    // Throws Error{unavailable} that names the other daemon's process. A folder that cannot be made or
    // written is left to the store, which says what to do about it.
    explicit StateLock(const std::filesystem::path& folder);

  private:
    UniqueFd file_;
};

}  // namespace assistd::app
