#pragma once
// The folder that a plugin may use while a call runs. The daemon makes it for one plugin host, or one thread
// of its own, and removes it afterwards; it is empty whenever a call begins. Call thread only.

#include <cstdint>
#include <string>

#include "base/unique_fd.h"

namespace assistd::plugin_abi {

class Scratch {
  public:
    explicit Scratch(std::string path);

    const std::string& path() const { return path_; }
    // A new file without a name, for reading and writing. Empty when there is no room.
    UniqueFd unnamed_file() const;
    // What the files in it take of the disk, each at least 4 KiB.
    std::uint64_t bytes() const;
    // Removes what the call left. False when something stays.
    bool empty();

  private:
    bool is_empty() const;

    std::string path_;
    UniqueFd folder_;
};

}  // namespace assistd::plugin_abi
