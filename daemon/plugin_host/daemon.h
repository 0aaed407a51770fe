#pragma once
// The socket to the daemon, for frames from any thread of the plugin. Ends the process when the daemon is
// gone.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/frame_socket.h"
#include "plugin_abi/caller_link.h"

namespace assistd::plugin_host {

class Daemon : public plugin_abi::CallerLink {
  public:
    explicit Daemon(UniqueFd socket) : frames_(std::move(socket)) {}
    void send(HostFrame kind, const std::string& payload, std::vector<int> files = {});
    // The next frame; none when the daemon has closed its side. Not while a call runs.
    std::optional<Frame> receive();

    void progress(const HostProgress& progress) override;
    bool cancel_has_come(std::uint64_t number) override;

  private:
    std::mutex mutex_;
    FrameSocket frames_;
};

}  // namespace assistd::plugin_host
