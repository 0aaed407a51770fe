#pragma once
// Removes the folders that plugins have written to, whatever is in them, on a thread of its own: nobody waits
// for it. Thread-safe.

#include <boost/asio/thread_pool.hpp>
#include <filesystem>

#include "base/async.h"

namespace assistd::tools {

// However deep it is nested, two descriptors at a time; folders without rights get them back. False when
// something stays.
bool remove_tree(const std::filesystem::path& folder);

class ScratchSweeper {
  public:
    ~ScratchSweeper() { thread_.join(); }
    void remove(const std::filesystem::path& folder) {
        asio::post(thread_, [folder] { remove_tree(folder); });
    }

  private:
    asio::thread_pool thread_{1};
};

}  // namespace assistd::tools
