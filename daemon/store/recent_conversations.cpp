#include "store/recent_conversations.h"

#include <sqlite3.h>

#include <algorithm>

#include "store/conversations.h"

namespace assistd::store {
namespace {

constexpr std::size_t most_entries = 1'024;
constexpr std::size_t most_metadata = 4'096;  // bytes; a conversation with more is always read

}  // namespace

std::optional<core::Conversation> RecentConversations::find(const core::Owner& owner, ConversationId id) {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second->conversation.owner != owner) return std::nullopt;
    return found->second->conversation;
}

void RecentConversations::clear() {
    const std::lock_guard lock(mutex_);
    by_id_.clear();
    by_key_.clear();
    entries_.clear();
}

void RecentConversations::watch(Database& db) {
    const auto note = [](void* self, int /*operation*/, const char* /*schema*/, const char* table,
                         sqlite3_int64 key) {
        if (std::string_view(table) == "conversations")
            static_cast<RecentConversations*>(self)->changed_.push_back(key);
    };
    sqlite3_update_hook(db.handle(), note, this);
}

void RecentConversations::read_changed(Database& db) {
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    fresh_.clear();
    for (const Key key : changed_) fresh_.emplace_back(key, find_conversation(db, key));
    changed_.clear();
}

void RecentConversations::publish() {
    if (fresh_.empty()) return;
    const std::lock_guard lock(mutex_);
    for (auto& [key, conversation] : fresh_) {
        erase(key);
        if (conversation && conversation->metadata.size() <= most_metadata)
            put(key, std::move(*conversation));
    }
    while (entries_.size() > most_entries) erase(entries_.back().key);
    fresh_.clear();
}

void RecentConversations::forget_changed() {
    changed_.clear();
    fresh_.clear();
}

void RecentConversations::erase(Key key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    by_id_.erase(found->second->conversation.id);
    entries_.erase(found->second);
    by_key_.erase(found);
}

void RecentConversations::put(Key key, core::Conversation conversation) {
    entries_.push_front({key, std::move(conversation)});
    by_id_.emplace(entries_.front().conversation.id, entries_.begin());
    by_key_.emplace(key, entries_.begin());
}

}  // namespace assistd::store
