#pragma once
// The rows of the conversations that were written last, in memory, so that a turn need not wait for a reader
// to look its conversation up again. The writer's connection tells of every row that a statement changes, so
// no write can be forgotten; what is read before a commit is given out after it and before anybody is told of
// the commit. Owned by Storage. find() and clear() from any thread, the rest from the writer's.

#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/conversation.h"
#include "store/database.h"

namespace assistd::store {

class RecentConversations {
  public:
    // Null: it is not known here, or belongs to somebody else.
    std::optional<core::Conversation> find(const core::Owner& owner, ConversationId id);
    void clear();

    void watch(Database& db);         // the writer's connection; must be outlived by this
    void read_changed(Database& db);  // before the commit
    void publish();                   // the commit has succeeded
    void forget_changed();            // it has not

  private:
    using Key = std::int64_t;
    struct Entry {
        Key key;
        core::Conversation conversation;
    };
    using Entries = std::list<Entry>;  // written last first

    void erase(Key key);
    void put(Key key, core::Conversation conversation);

    // Of the writer's thread.
    std::vector<Key> changed_;
    std::vector<std::pair<Key, std::optional<core::Conversation>>> fresh_;  // null: it is gone

    std::mutex mutex_;
    Entries entries_;
    std::unordered_map<ConversationId, Entries::iterator> by_id_;
    std::unordered_map<Key, Entries::iterator> by_key_;
};

}  // namespace assistd::store
