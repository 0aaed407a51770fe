#pragma once
// One call while the plugin runs it: the function table that the plugin sees (assistd_call), and what it
// emitted. Made by whoever runs the plugin, for one call; progress and is_cancelled may be used from any
// thread, the rest from the call's thread.

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "assistd/plugin.h"
#include "base/call_quotas.h"
#include "base/host_protocol.h"
#include "base/unique_fd.h"
#include "plugin_abi/caller_link.h"
#include "plugin_abi/look_ups.h"
#include "plugin_abi/scratch.h"

namespace assistd::plugin_abi {

class RunningCall {
  public:
    RunningCall(HostCall call, std::vector<UniqueFd> files, CallerLink& caller, const Scratch& scratch);
    RunningCall(const RunningCall&) = delete;
    RunningCall& operator=(const RunningCall&) = delete;
    ~RunningCall() { take_back_outputs(); }

    assistd_call& table() { return table_; }
    const HostCall& call() const { return call_; }
    // Fails the call when it wrote more than it may, whatever it says itself.
    void check_quotas(const CallQuotas& quotas);
    // What the caller gets, once the plugin returned `status`.
    HostResult result(assistd_status status);
    // The artifacts' files, in the order of the result's artifacts.
    std::vector<int> output_files() const;
    std::vector<UniqueFd> take_output_files() { return std::move(output_files_); }

    static RunningCall& of(assistd_call* call) { return *static_cast<RunningCall*>(call->host_data); }
    LookUps& look_ups() { return look_ups_; }
    // Descriptors that the host holds for the call.
    std::size_t files_held() const {
        return files_.size() + output_files_.size() + given_.size() + look_ups_.opened();
    }

    // The plugin has been told of the cancel: it need not ask.
    void note_cancel() { cancelled_ = true; }

  private:
    using Clock = std::chrono::steady_clock;

    void progress(double fraction, std::string_view note);
    bool is_cancelled();
    void send_progress(Clock::time_point now);
    assistd_status emit_result(std::string_view data, std::string_view summary);
    void emit_error(std::string_view type, std::string_view message, std::string_view details,
                    bool recoverable);
    const assistd_artifact* read_artifact(std::string_view handle) const;
    int create_artifact(HostArtifact about);
    void take_back_outputs();
    assistd_status set_artifact_metadata(int fd, std::string_view metadata);

    HostCall call_;
    std::vector<UniqueFd> files_;
    std::vector<assistd_artifact> inputs_;
    CallerLink& caller_;
    const Scratch& scratch_;
    LookUps look_ups_;
    assistd_call table_{};

    HostResult result_;
    bool has_result_ = false;
    bool has_error_ = false;
    std::vector<UniqueFd> output_files_;
    std::vector<int> given_;  // descriptors of the same files that the plugin has: it may close them

    std::atomic<bool> cancelled_{false};
    std::atomic<Clock::time_point> looked_at_;  // when the caller was last asked for a cancel
    std::mutex progress_mutex_;
    HostProgress progress_;
    bool progress_waits_ = false;
    Clock::time_point progress_sent_at_{};
};

}  // namespace assistd::plugin_abi
