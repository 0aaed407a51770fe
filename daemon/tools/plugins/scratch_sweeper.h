#pragma once
// Removes and measures the folders that plugins write to, whatever is in them, on a thread of its own: nobody
// waits for it. Thread-safe.

#include <boost/asio/thread_pool.hpp>
#include <filesystem>

#include "base/async.h"

namespace assistd::tools {

// However deep it is nested, two descriptors at a time; folders without rights get them back. False when
// something stays.
bool remove_tree(const std::filesystem::path& folder);

// What the files in a folder take of the disk while a plugin writes there, each at least 4 KiB. No link is
// followed. Stops counting once it is more than `enough`; what cannot be looked into counts as that.
std::uint64_t bytes_in_tree(const std::filesystem::path& folder, std::uint64_t enough);

class ScratchSweeper {
  public:
    ~ScratchSweeper() { thread_.join(); }
    void remove(const std::filesystem::path& folder) {
        asio::post(thread_, [folder] { remove_tree(folder); });
    }
    template <class Work>
    void do_aside(Work work) {
        asio::post(thread_, std::move(work));
    }

  private:
    asio::thread_pool thread_{1};
};

}  // namespace assistd::tools
