#pragma once
// Where the history of long conversations begins, for each model that is told it: kept from turn to turn, so
// that providers find what they have in their caches. Forgotten by a restart; the next turn chooses anew.
// Thread-safe.

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/ids.h"

namespace assistd::core {

class HistoryStarts {
  public:
    // The turn that the history begins with; nil when none was chosen since the summary came to cover the
    // turns up to `summarised`.
    TurnId find(ConversationId conversation, const std::string& model, TurnId summarised) const;
    void put(ConversationId conversation, const std::string& model, TurnId summarised, TurnId start);

  private:
    using Key = std::pair<ConversationId, std::string>;
    struct Start {
        TurnId summarised;
        TurnId turn;
    };

    mutable std::mutex mutex_;
    std::map<Key, Start> starts_;
};

}  // namespace assistd::core
