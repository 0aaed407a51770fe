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

#include "tools/plugins/crash_count.h"
#include "tools/plugins/host_call.h"
#include "tools/plugins/host_process.h"
#include "tools/plugins/library_copy.h"
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

class HostPool {
  public:
    HostPool(asio::io_context& context, std::shared_ptr<LibraryCopy> library, HostLimits limits,
             std::shared_ptr<Ticker> busy_ticker, std::shared_ptr<Ticker> idle_ticker);

    // Throws Error{unavailable} when the line is full, the pool is closed or no host can be started.
    static Task<SourceResult> call(std::shared_ptr<HostPool> pool, SourceCall call,
                                   core::ProgressSink progress);

    // Looks after time limits, cancels and hosts that end; true while there are any.
    bool watch_busy();
    // Ends hosts that were idle for long; true while there are idle ones.
    bool watch_idle();
    // Stops every call, ends every host, and waits until their processes are gone.
    void close();

    // Makes the copy of the library that hosts load, if there is none yet, and starts the warm hosts.
    void prepare();

    // Something else has taken the plugin's place: calls that are here are ended on this version, then its
    // hosts end.
    void retire();
    bool is_gone() const;  // retired, and no host is left

    const std::shared_ptr<LibraryCopy>& library() const { return library_; }
    const std::shared_ptr<const PluginFile>& plugin() const { return plugin_; }
    // Adds how it does: whether it could be loaded, whether it is left alone, what it is not kept from.
    void describe(core::PluginStatus& status) const;
    // A pool for the same plugin: what the other has counted goes on here if their libraries are the same.
    void go_on_from(const HostPool& other);
    // Whether it has crashed since it last worked.
    bool has_crashed() const;
    // Lets a plugin that is left alone since it kept crashing run again.
    void release();
    std::size_t hosts() const;

  private:
    using Clock = HostProcess::Clock;

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

    std::optional<Turn> turn_or_wait(const std::shared_ptr<Waiter>& waiter, const std::stop_token& stop);
    Task<Turn> take_turn(Clock::time_point deadline, core::Owner owner, std::stop_token stop);
    std::shared_ptr<HostProcess> idle_host_for(const core::Owner& owner);  // with mutex_ held
    bool make_place();                                                     // with mutex_ held
    void dismiss(std::shared_ptr<HostProcess> host);                       // with mutex_ held
    void start_warm_hosts();
    std::optional<SourceResult> refusal() const;
    std::string quarantine_sentence(std::chrono::seconds left) const;  // with mutex_ held
    std::shared_ptr<HostProcess> start_host();
    void ended(const HostCallEnd& end, bool loaded, Clock::time_point begun);
    void begin(const std::shared_ptr<HostProcess>& host, Clock::time_point deadline, core::Owner owner);
    void end(std::shared_ptr<HostProcess> host, bool reusable);
    void pass_place_on(std::shared_ptr<HostProcess> idle_host);  // with mutex_ held
    void check_busy(HostProcess& host, Clock::time_point now) const;

    asio::io_context& context_;
    const std::shared_ptr<LibraryCopy> library_;
    const std::shared_ptr<const PluginFile> plugin_;
    const HostLimits limits_;
    const std::shared_ptr<Ticker> busy_ticker_, idle_ticker_;
    const std::shared_ptr<PluginLog> log_;

    std::atomic<int> callers_ = 0;
    mutable std::mutex mutex_;
    bool closed_ = false;
    bool retired_ = false;
    std::string load_failure_;  // when the plugin was last loaded; empty: it could be
    std::string unprotected_;   // from what the last host could not be kept
    CrashCount crashes_;
    std::size_t places_ = 0;  // hosts that are busy, idle or being started
    std::vector<std::shared_ptr<HostProcess>> busy_;
    std::vector<std::shared_ptr<HostProcess>> idle_;    // the one used last is at the end
    std::vector<std::shared_ptr<HostProcess>> ending_;  // hung up or killed, not yet gone
    std::deque<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace assistd::tools
