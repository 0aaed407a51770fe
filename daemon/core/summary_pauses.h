#pragma once
// How long conversations go on without a summary when the model gave none: for one turn at first, then for
// twice as many each time. Forgotten by a restart. Thread-safe.

#include <map>
#include <mutex>

#include "base/ids.h"

namespace assistd::core {

class SummaryPauses {
  public:
    // Whether this turn is to ask for a summary. What it asks for counts as failed until succeeded() says
    // otherwise, however the turn ends.
    bool try_now(ConversationId id);
    void succeeded(ConversationId id);

  private:
    struct Pause {
        int turns_left = 0;
        int next = 1;  // turns
    };

    std::mutex mutex_;
    std::map<ConversationId, Pause> pauses_;
};

}  // namespace assistd::core
