#pragma once
// Keeps the end of the conversations that were used last in memory, so that a turn in a long conversation
// need not read it again. Bounded by bytes, the least recently used goes first. Any thread.

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/message.h"
#include "core/token_scale.h"

namespace assistd::core {

using MessagePtr = std::shared_ptr<const Message>;

// The messages of one turn, or what clients put into the conversation between two questions; oldest first.
// And what they cost a model.
struct Exchange {
    explicit Exchange(std::vector<MessagePtr> messages);

    std::vector<MessagePtr> messages;
    TurnId turn;  // of no turn's messages: an id with their place in the order of turns
    std::int64_t tokens = 0;
    std::size_t bytes = 0;  // about what they take in memory
};
using ExchangePtr = std::shared_ptr<const Exchange>;

// The newest exchanges of a conversation, newest first.
struct RecentHistory {
    std::vector<ExchangePtr> exchanges;
    bool whole = false;  // they are the whole conversation
    std::string model;   // that answered last, and how it counts
    TokenScale scale;
};

class RecentHistories {
  public:
    explicit RecentHistories(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    // Null unless it is known for the conversation as it is with `message_count` messages. Messages are only
    // ever added, so the same count means the same messages; whoever hides some calls forget().
    std::shared_ptr<const RecentHistory> find(ConversationId id, std::int64_t message_count);
    void put(ConversationId id, std::int64_t message_count, RecentHistory history);
    void forget(ConversationId id);
    void clear();

  private:
    struct Entry {
        ConversationId id;
        std::int64_t message_count = 0;
        std::shared_ptr<const RecentHistory> history;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;  // most recently used first

    void erase(Entries::iterator entry);

    std::mutex mutex_;
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    Entries entries_;
    std::map<ConversationId, Entries::iterator> by_id_;
};

}  // namespace assistd::core
