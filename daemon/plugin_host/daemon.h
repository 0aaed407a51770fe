#pragma once
// The socket to the daemon, for frames from any thread of the plugin. Ends the process when the daemon is
// gone.

#include <deque>
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
    void began_artifact(std::uint64_t number, int fd) override;
    bool cancel_has_come(std::uint64_t number) override;
    std::optional<HostReply> ask(const HostQuestion& question) override;

  private:
    void read_what_has_come();  // with reading_ held

    // Apart, so that one thread reads an answer while another waits to be rid of a line for the log.
    std::mutex sending_;
    std::mutex reading_;
    FrameSocket frames_;
    std::uint64_t cancelled_ = 0;  // the last call that was
    std::deque<HostReply> answers_;
};

}  // namespace assistd::plugin_host
