#pragma once
// How far one call has come, for everybody who wants to know: the turn that made it, a job's status, and
// other calls that wait for the job. Shared by pointer; any thread.

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "base/async.h"
#include "core/tool.h"

namespace assistd::tools {

class ProgressHub {
    struct Watcher;

  public:
    // Ends the watching: once the destructor has returned, the sink is not called again.
    class Watch {
      public:
        explicit Watch(std::shared_ptr<Watcher> watcher) : watcher_(std::move(watcher)) {}
        Watch(Watch&&) = default;
        Watch& operator=(Watch&&) = delete;
        ~Watch();

      private:
        std::shared_ptr<Watcher> watcher_;
    };

    // A fraction outside 0..1 is brought inside.
    void report(core::ToolProgress progress);
    core::ToolProgress latest() const;
    // The sink is called on `executor`, in order, with what is reported from now on.
    [[nodiscard]] Watch watch(Executor executor, core::ProgressSink sink);

  private:
    mutable std::mutex mutex_;
    core::ToolProgress latest_;
    std::vector<std::weak_ptr<Watcher>> watchers_;
};

}  // namespace assistd::tools
