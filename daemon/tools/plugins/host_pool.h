#pragma once
// The warm hosts of one plugin: gives each call one of its own, starts new ones up to a bound, lets calls
// wait in line beyond it, watches time limits and cancels, and ends hosts that are idle for long. A host
// serves one owner's calls: one of another owner that is idle is ended when its place is needed. Shared by
// the plugin source and the calls that run; thread-safe.

#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/plugins/call_pool.h"
#include "tools/plugins/host_call.h"
#include "tools/plugins/host_process.h"
#include "tools/plugins/ticker.h"

namespace assistd::tools {

struct HostLimits {
    HostRights rights;                // `scratch` is the folder in which each host has its own
    std::size_t max_hosts = 2;        // at once, for each plugin
    std::size_t max_waiting = 1'024;  // calls in line, for each plugin
    std::size_t warm = 0;             // hosts that are started before anybody calls, and stay
    std::chrono::milliseconds idle_after{180'000};
    std::chrono::milliseconds cancel_grace{500};
};

class HostPool : public CallPool, public std::enable_shared_from_this<HostPool> {
  public:
    HostPool(asio::io_context& context, std::shared_ptr<LibraryCopy> library, HostLimits limits,
             std::shared_ptr<Ticker> busy_ticker, std::shared_ptr<Ticker> idle_ticker);

    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;
    bool watch_busy() override;
    bool watch_idle() override;
    void close() override;
    // Makes the copy of the library that hosts load, if there is none yet, and starts the warm hosts.
    void prepare() override;
    void retire() override;
    bool is_gone() const override;
    std::size_t hosts() const override;

  private:
    // A call's turn: an idle host, or leave to start one, or why it gets neither.
    struct Turn {
        enum class Kind { host, start_one, time_limit, cancelled, closed } kind;
        std::shared_ptr<HostProcess> host;
    };
    struct Waiter {
        Waiter(Clock::time_point until, core::Owner whose) : deadline(until), owner(std::move(whose)) {}
        OneShot<Turn> turn;
        const Clock::time_point deadline;
        const core::Owner owner;
    };
    class Lease;
    class Caller;

    static Task<SourceResult> run(std::shared_ptr<HostPool> pool, SourceCall call,
                                  core::ProgressSink progress);
    std::optional<Turn> turn_or_wait(const std::shared_ptr<Waiter>& waiter, const std::stop_token& stop);
    Task<Turn> take_turn(Clock::time_point deadline, core::Owner owner, std::stop_token stop);
    std::shared_ptr<HostProcess> idle_host_for(const core::Owner& owner);  // with mutex_ held
    bool make_place();                                                     // with mutex_ held
    void dismiss(std::shared_ptr<HostProcess> host);                       // with mutex_ held
    void start_warm_hosts();
    std::shared_ptr<HostProcess> start_host();
    void ended(const HostCallEnd& end, const std::string& tool, bool loads, Clock::time_point begun);
    void begin(const std::shared_ptr<HostProcess>& host, Clock::time_point deadline, core::Owner owner);
    void end(std::shared_ptr<HostProcess> host, bool reusable);
    void pass_place_on(std::shared_ptr<HostProcess> idle_host);  // with mutex_ held
    void check_busy(HostProcess& host, Clock::time_point now) const;

    asio::io_context& context_;
    const HostLimits limits_;
    const std::shared_ptr<Ticker> busy_ticker_, idle_ticker_;

    std::atomic<int> callers_ = 0;
    std::atomic<bool> told_what_was_left_ = false;
    mutable std::mutex mutex_;
    bool closed_ = false;
    bool retired_ = false;
    std::size_t places_ = 0;  // hosts that are busy, idle or being started
    std::vector<std::shared_ptr<HostProcess>> busy_;
    std::vector<std::shared_ptr<HostProcess>> idle_;    // the one used last is at the end
    std::vector<std::shared_ptr<HostProcess>> ending_;  // hung up or killed, not yet gone
    std::deque<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace assistd::tools
