#pragma once
// One call while the plugin runs it: the function table that the plugin sees (assistd_call), and what it
// emitted. progress and is_cancelled may be used from any thread, the rest from the call's thread.

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "assistd/plugin.h"
#include "base/call_quotas.h"
#include "base/frame_socket.h"
#include "base/host_protocol.h"
#include "plugin_host/scratch.h"

namespace assistd::plugin_host {

// The socket to the daemon, for frames from any thread of the plugin. Ends the process when the daemon is
// gone.
class Daemon {
  public:
    explicit Daemon(UniqueFd socket) : frames_(std::move(socket)) {}
    void send(HostFrame kind, const std::string& payload, std::vector<int> files = {});
    // The next frame; none when the daemon has closed its side. Not while a call runs.
    std::optional<Frame> receive();
    // Whether a cancel of call `number` has come. Does not block.
    bool cancel_has_come(std::uint64_t number);

  private:
    std::mutex mutex_;
    FrameSocket frames_;
};

class RunningCall {
  public:
    RunningCall(HostCall call, std::vector<UniqueFd> files, Daemon& daemon, const Scratch& scratch);
    RunningCall(const RunningCall&) = delete;
    RunningCall& operator=(const RunningCall&) = delete;

    assistd_call& table() { return table_; }
    const HostCall& call() const { return call_; }
    // Fails the call when it wrote more than it may, whatever it says itself.
    void check_quotas(const CallQuotas& quotas);
    // What the daemon gets, once the plugin returned `status`.
    HostResult result(assistd_status status);
    std::vector<int> output_files() const;

  private:
    using Clock = std::chrono::steady_clock;

    static RunningCall& of(assistd_call* call) { return *static_cast<RunningCall*>(call->host_data); }
    void progress(double fraction, std::string_view note);
    bool is_cancelled();
    void send_progress(Clock::time_point now);
    assistd_status emit_result(std::string_view data, std::string_view summary);
    void emit_error(std::string_view type, std::string_view message, std::string_view details,
                    bool recoverable);
    const assistd_artifact* read_artifact(std::string_view handle) const;
    int create_artifact(HostArtifact about);
    std::uint64_t artifact_bytes() const;
    assistd_status set_artifact_metadata(int fd, std::string_view metadata);

    HostCall call_;
    std::vector<UniqueFd> files_;
    std::vector<assistd_artifact> inputs_;
    Daemon& daemon_;
    const Scratch& scratch_;
    assistd_call table_{};

    HostResult result_;
    bool has_result_ = false;
    bool has_error_ = false;
    std::vector<UniqueFd> output_files_;

    std::atomic<bool> cancelled_{false};
    std::atomic<Clock::time_point> looked_at_;  // when the socket was last asked for a cancel
    std::mutex progress_mutex_;
    HostProgress progress_;
    bool progress_waits_ = false;
    Clock::time_point progress_sent_at_{};
};

}  // namespace assistd::plugin_host
