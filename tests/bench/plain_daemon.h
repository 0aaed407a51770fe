#pragma once
// The daemon with a paced model server behind it, as the measurements of plain exchanges use it.

#include <cstdint>
#include <string>
#include <vector>

#include "daemon_process.h"
#include "measure.h"
#include "paced_upstream.h"

namespace assistd::bench {

class PlainDaemon {
  public:
    // Starts afresh, with no plugin and an empty database.
    PlainDaemon(const Settings& settings, Pace pace);

    PacedUpstream& model() { return model_; }
    std::uint16_t port() const { return daemon_.port(); }
    ProcessFigures figures() const { return daemon_.figures(); }

    std::vector<std::string> new_conversations(std::uint64_t count) const;  // the paths of their chats
    // Runs whole turns, unstreamed, round the conversations; returns turns per second.
    double run_turns(const std::vector<std::string>& chats, int clients, std::uint64_t turns) const;
    // Leaves it alone for so long, and until it uses no more processor time.
    void let_settle(int seconds) const;

  private:
    PacedUpstream model_;
    DaemonProcess daemon_;
};

// A message to a conversation's chat, as a program asks for a stream.
std::string streamed_chat(const std::string& path, std::string_view content);
// A chat completion of which nothing is kept, without the daemon's tools.
std::string completion_request(std::string_view content, bool streamed);

}  // namespace assistd::bench
