#pragma once
// The folder that the host's plugin may use while a call runs. The daemon makes it for this process alone and
// removes it afterwards; it is empty whenever a call begins. Call thread only.

#include <string>

#include "base/unique_fd.h"

namespace assistd::plugin_host {

class Scratch {
  public:
    explicit Scratch(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    // A new file without a name, for reading and writing. Empty when there is no room.
    UniqueFd unnamed_file() const;
    // Removes what the call left. False when something stays.
    bool empty();

  private:
    std::string path_;
};

}  // namespace assistd::plugin_host
