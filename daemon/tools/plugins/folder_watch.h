#pragma once
// Says when something in a few folders may have changed: a file was made, closed after writing, renamed,
// removed, or got other rights. Folders that are not there yet are watched for. By inotify, so changes that
// other machines make to a network file system are not seen. Thread-safe.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/async.h"

namespace assistd::tools {

class FolderWatch {
  public:
    // Calls `changed` on the context's threads, never twice at the same time, a moment after the last of
    // several changes, and regularly. Where inotify cannot be had, a warning is logged, and changes are seen
    // by the regular looks alone.
    FolderWatch(asio::io_context& context, std::vector<std::filesystem::path> folders,
                std::function<void()> changed);
    ~FolderWatch();
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    // Why no event tells of changes, as a sentence; empty: events do.
    const std::string& problem() const;
    // As if something had changed.
    void look_now();
    // No call of `changed` begins after this.
    void stop();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace assistd::tools
