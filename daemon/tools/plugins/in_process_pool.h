#pragma once
// The threads that run the calls of one plugin which the daemon has loaded itself: as many as it may have
// calls at once, each with its own copy of the library. Calls beyond that wait in line. A call that does not
// end when it should is answered all the same; its thread goes on and keeps its place, since nothing can end
// it. Shared by the plugin source and the calls that run; thread-safe.

#include <condition_variable>
#include <deque>
#include <vector>

#include "tools/plugins/call_pool.h"
#include "tools/plugins/in_process_worker.h"
#include "tools/plugins/ticker.h"

namespace assistd::tools {

struct InProcessLimits {
    InProcessRights rights;
    std::size_t max_threads = 2;      // for each plugin
    std::size_t max_waiting = 1'024;  // calls in line
    std::chrono::milliseconds cancel_grace{500};
};

class InProcessPool : public CallPool, public std::enable_shared_from_this<InProcessPool> {
  public:
    InProcessPool(std::shared_ptr<LibraryCopy> library, InProcessLimits limits,
                  std::shared_ptr<Ticker> busy_ticker);

    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;
    bool watch_busy() override;
    bool watch_idle() override { return false; }  // what is loaded stays
    void close() override;
    void prepare() override;
    void retire() override;
    bool is_gone() const override;
    std::size_t hosts() const override { return 0; }
    std::size_t runaway_calls() const override;
    void describe(core::PluginStatus& status) const override;

  private:
    using Worker = std::shared_ptr<InProcessWorker>;
    struct Busy {
        Worker worker;
        std::shared_ptr<InProcessCall> call;
    };

    static Task<SourceResult> run(std::shared_ptr<InProcessPool> pool, SourceCall call,
                                  core::ProgressSink progress);
    void enter(const std::shared_ptr<InProcessCall>& call);
    Worker worker_for(const core::Owner& owner);                                   // with mutex_ held
    void start(const Worker& worker, const std::shared_ptr<InProcessCall>& call);  // so too
    void leave(const Worker& worker);                                              // so too
    void ended(const Worker& worker, InProcessCall& call, InProcessEnd end);
    bool check(InProcessCall& call, Clock::time_point now) const;  // true: it runs on for nobody from now on
    void tell_of_runaway(const InProcessCall& call) const;

    const InProcessLimits limits_;
    const std::shared_ptr<Ticker> busy_ticker_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;  // that fewer calls run
    bool closed_ = false;
    bool retired_ = false;
    std::vector<Busy> busy_;
    std::vector<Worker> idle_;    // the one used last is at the end
    std::vector<Worker> ending_;  // told to, not yet gone
    std::deque<std::shared_ptr<InProcessCall>> waiting_;
};

}  // namespace assistd::tools
