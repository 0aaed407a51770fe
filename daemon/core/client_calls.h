#pragma once
// Where a running turn waits for the results of the calls that its client makes itself. Shared by the turn
// and whoever brings the results; any thread.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "core/message.h"

namespace assistd::core {

struct ClientOutput {
    std::string call_id;
    std::string output;  // as the model is to see it
};

class ClientCalls {
  public:
    // Delivered with the result of each call, or with nothing when none will come any more.
    using Answer = OneShot<std::optional<std::vector<ClientOutput>>>;

    // To be called before anybody is told that the calls wait.
    Answer wait_for(std::vector<ToolCallBlock> calls);
    // The turn has stored what it was given, or gives up: the calls wait no longer.
    void settled();
    std::vector<ToolCallBlock> waiting() const;

    // The results of all calls that wait; returns when they are stored. Throws Error{conflict} when none
    // waits, and Error{validation} naming what is missing, unknown or given twice.
    Task<void> submit(std::vector<ClientOutput> outputs);
    // The daemon is shutting down: nobody waits any more, and nobody begins to.
    void close();

  private:
    mutable std::mutex mutex_;
    bool closed_ = false;
    std::vector<ToolCallBlock> waiting_;
    std::optional<Answer> answer_;
    std::vector<OneShot<>> submitters_;
};

}  // namespace assistd::core
