#pragma once
// One assistd-plugin-host process, from its start to its end: the socket to it, its output, its death. Owned
// by a HostPool and, while a call runs, used by that call's coroutine; kill() and ask_to_stop() may come from
// any thread.
//
// The process dies with the thread that made it (PR_SET_PDEATHSIG), so that must be a thread that lives as
// long as the daemon.

#include <sys/resource.h>

#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "base/async.h"
#include "base/call_quotas.h"
#include "base/frame_socket.h"
#include "base/host_protocol.h"
#include "core/call_resources.h"
#include "core/conversation.h"
#include "tools/plugins/plugin_file.h"
#include "tools/plugins/plugin_log.h"
#include "tools/plugins/scratch_sweeper.h"

namespace assistd::tools {

// Of one process: what a call that makes more is up to is nothing good.
inline constexpr int max_threads = 512;

// Why the daemon ended a host.
enum class KillCause {
    none,
    time_limit,
    cancelled,
    shutdown,
    protocol,
    flood,
    worn_out,
    threads,
    scratch,
    artifacts
};

// What a host is started with, and may do (sandbox/sandbox.h).
struct HostRights {
    std::filesystem::path binary;             // assistd-plugin-host
    int library = -1;                         // open; the host loads it
    std::filesystem::path scratch;            // what the name of its own folder begins with
    std::shared_ptr<ScratchSweeper> sweeper;  // takes the folder when the process has ended
    CallQuotas quotas;
    std::int64_t memory_limit_mb = 0;  // the most that any call may have
    bool network = false;
    int niceness = 0;                             // of its threads: 19 gives way to everything else
    std::vector<std::filesystem::path> readable;  // beside the system's files
};

class HostProcess {
  public:
    using Clock = std::chrono::steady_clock;

    // Starts the process; does not wait until it has loaded the plugin. The scratch folder is made and, at
    // the end, removed. Throws Error{unavailable} when the system cannot start one.
    HostProcess(asio::io_context& context, const HostRights& rights);
    ~HostProcess();  // kills it and waits for its end
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    // To read; what is sent goes through here, since ask_to_stop sends from other threads.
    FrameSocket& frames() { return frames_; }
    void queue(HostFrame kind, const std::string& payload, std::vector<int> files = {});
    SocketState flush();
    Task<void> readable();
    Task<void> writable();
    // Moves what the plugin printed into the log. Any thread.
    void drain_output(PluginLog& log, bool last = false);

    // Tells the plugin that nobody wants the result; the process may go on.
    void ask_to_stop();
    // Ends the process and all that it started; a call that reads from it comes to the end of the socket.
    void kill(KillCause cause);
    // Closes the socket, whereupon a host that is idle ends by itself.
    void hang_up();
    KillCause kill_cause() const { return kill_cause_; }

    // The wait status, once the process has ended.
    std::optional<int> try_reap();
    Task<int> ended();
    int pidfd() const { return pidfd_.get(); }

    // What the process has used of the processors since its start.
    std::chrono::microseconds cpu_time();
    int threads() const;  // that it has now
    // The most that it had in memory since it was last told to forget that, as far as the system tells of a
    // process that has ended.
    std::optional<std::int64_t> peak_memory_bytes();
    // Sees to it, now and again, that the call that runs has no more threads, and no more in its scratch
    // folder and its artifacts, than it may, and ends the process if it has. The pool's watch alone.
    void check_use(Clock::time_point now);
    // A call begins.
    void begin_call();
    // An artifact that the call begins to write; until end_call(). False when it has too many.
    bool add_output(UniqueFd file);
    void end_call();
    // How much was too much: threads, or bytes.
    std::uint64_t excess() const { return excess_; }
    const CallQuotas& quotas() const { return quotas_; }

    // Of the call that runs now. The pool's watch reads them.
    std::uint64_t call_number = 0;
    Clock::time_point deadline{};
    std::atomic<Clock::time_point> asked_to_stop_at{Clock::time_point::max()};
    std::chrono::microseconds cpu_before{0};
    // Whose calls it has served: what a plugin keeps of them must not reach others. Nothing: nobody's yet.
    std::optional<core::Owner> owner;
    // Of an idle or ending host.
    Clock::time_point idle_since{};
    bool ready = false;  // has said that the plugin is loaded

  private:
    void send_cancel();  // with sending_ held

    void spawn(const HostRights& rights, UniqueFd socket, UniqueFd output);

    // What a look at the scratch folder, aside, has found.
    struct ScratchLook {
        Clock::time_point begun = Clock::now();
        std::atomic<bool> done = false;
        std::uint64_t bytes = 0;  // once done
    };

    void check_files(Clock::time_point now);
    std::uint64_t output_bytes();
    void kill_for(KillCause cause, std::uint64_t excess);
    void remember_peak();  // with process_mutex_ held

    const std::filesystem::path scratch_;
    const CallQuotas quotas_;
    const std::shared_ptr<ScratchSweeper> sweeper_;
    std::mutex sending_;
    FrameSocket frames_;
    bool cancel_waits_ = false;               // for the frame that is being sent
    asio::posix::stream_descriptor watched_;  // a copy of the descriptor, for the reactor
    std::mutex output_mutex_;
    CapturedOutput output_;
    std::mutex outputs_mutex_;
    std::vector<UniqueFd> outputs_;  // the artifacts that the call writes
    std::mutex process_mutex_;  // kill and reap exclude each other: a reaped pid may be another process's
    pid_t pid_ = -1;
    UniqueFd pidfd_, threads_;
    std::optional<int> status_;
    rusage used_{};                          // once it has ended
    std::int64_t unclear_memory_bytes_ = 0;  // of the peak that the system tells, what may be the daemon's
    std::optional<std::int64_t> peak_at_kill_;
    std::shared_ptr<ScratchLook> look_;  // the last one of this call
    std::atomic<std::uint64_t> excess_ = 0;
    std::atomic<KillCause> kill_cause_{KillCause::none};
};

// "ended by SIGSEGV (it used memory that is not its own)", "ended itself with exit code 3".
std::string describe_end(int wait_status);

}  // namespace assistd::tools
