#pragma once
// Files that are gone, however that came about, go from the index too: with their conversation, at their end,
// or because the index is newer than the backup that the files came back from. The two are databases of their
// own, so a crash may come between them: all files are looked for when the daemon starts, and whenever
// somebody says that some may be gone. Owned by KnowledgeBase; look() from any thread.

#include <functional>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "core/files.h"
#include "knowledge/tables.h"

namespace assistd::knowledge {

class Departures {
  public:
    using Forgotten = std::function<void(std::span<const Key> files)>;

    // `forgotten` is told whose rows are gone.
    Departures(asio::io_context& context, Tables& tables, core::Files& files, Forgotten forgotten);

    void start();  // at most once
    void look();
    Task<void> stop();

  private:
    Task<void> work();
    Task<void> look_through();

    const asio::strand<asio::io_context::executor_type> strand_;
    Tables& tables_;
    core::Files& files_;
    const Forgotten forgotten_;

    std::mutex mutex_;
    bool started_ = false;
    std::stop_source stop_;
    OneShot<> signal_;
    OneShot<> ended_;
};

}  // namespace assistd::knowledge
