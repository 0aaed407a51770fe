#pragma once
// Where the calls of one running turn wait for a person. The decision itself is in the store; this only wakes
// the call. Shared by the turn and whoever decides; any thread.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/async.h"
#include "core/approval.h"

namespace assistd::core {

class TurnApprovals {
  public:
    // Delivered with the decision, or with nothing when none will come any more.
    using Decision = OneShot<std::optional<Approval>>;

    // To be called before anybody is told that the call waits.
    Decision wait_for(const std::string& call_id);
    void decided(const Approval& approval);
    // The daemon is shutting down: nobody waits any more, and nobody begins to.
    void close();

  private:
    std::mutex mutex_;
    bool closed_ = false;
    std::map<std::string, Decision> waiting_;
};

}  // namespace assistd::core
