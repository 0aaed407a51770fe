#pragma once
// What turns of which nothing is kept said and learnt around the calls that they handed out to their client:
// thoughts that their provider wants back, calls of the daemon's own tools and their results. The client
// sends only its own calls back; with this the model finds the exchange as it was. In memory only, the oldest
// go first: without it a model just does not know what else it had done. Thread-safe; owned by the door.

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/conversation.h"
#include "core/message.h"

namespace assistd::api::openai {

class HandedOutCalls {
  public:
    explicit HandedOutCalls(std::size_t most_bytes = std::size_t{64} << 20) : most_bytes_(most_bytes) {}

    // The messages of a turn, the last reply of which calls tools of the client.
    void put(const core::Owner& owner, std::vector<core::Message> messages);
    // By any of the calls in it; empty when it is not known.
    std::vector<core::Message> find(const core::Owner& owner, const std::string& call_id) const;

  private:
    struct Entry {
        std::vector<std::pair<core::Owner, std::string>> keys;
        std::vector<core::Message> messages;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;  // newest first

    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    Entries entries_;
    std::size_t bytes_ = 0;
    std::map<std::pair<core::Owner, std::string>, Entries::iterator> by_call_;
};

}  // namespace assistd::api::openai
