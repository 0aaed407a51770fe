#pragma once
// One message on its way to the daemon's /mcp and what comes back, however long that takes. It may be given
// up from another thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "base/unique_fd.h"
#include "cli/http_client.h"

namespace assistd::cli {

class McpTransfer {
  public:
    // Gives itself up after so long. Throws Failure when the system refuses.
    explicit McpTransfer(std::chrono::seconds patience = std::chrono::hours(24 * 365));

    // Passes every message of a good answer on as it comes. An answer that was given up counts as none:
    // status 0. Throws Unreachable.
    HttpReply send(const HttpClient& http, HttpRequest request,
                   const std::function<void(const std::string& message)>& take);
    void give_up();  // any thread
    bool given_up() const { return given_up_; }
    const std::string& last_event() const { return last_event_; }

  private:
    const std::chrono::steady_clock::time_point deadline_;
    std::atomic<bool> given_up_{false};
    UniqueFd wake_;
    std::string last_event_;
};

}  // namespace assistd::cli
