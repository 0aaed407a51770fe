#include "core/recent_histories.h"

#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr std::size_t bytes_per_entry = 256;  // the books kept about it

struct BlockBytes {
    std::size_t operator()(const TextBlock& block) const { return block.text.size(); }
    std::size_t operator()(const ThinkingBlock& block) const {
        return block.text.size() + block.signature.size() + block.redacted.size();
    }
    std::size_t operator()(const ToolCallBlock& block) const { return block.arguments.size(); }
    std::size_t operator()(const ToolResultBlock& block) const { return block.content.size(); }
    std::size_t operator()(const ImageBlock&) const { return 0; }  // by reference
};

}  // namespace

Exchange::Exchange(std::vector<MessagePtr> oldest_first) : messages(std::move(oldest_first)) {
    for (const MessagePtr& message : messages) {
        if (turn.is_nil()) turn = message->turn;  // a notice before it has none
        tokens += estimate_tokens(*message);
        bytes += sizeof(Message) + message->blocks.capacity() * sizeof(Block);
        for (const Block& block : message->blocks) bytes += std::visit(BlockBytes{}, block);
    }
    // Ids of messages rise with time as those of turns do.
    if (turn.is_nil() && !messages.empty()) turn.uuid = messages.front()->id.uuid;
}

std::shared_ptr<const RecentHistory> RecentHistories::find(ConversationId id, std::int64_t message_count) {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return nullptr;
    if (found->second->message_count != message_count) {
        erase(found->second);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->history;
}

void RecentHistories::put(ConversationId id, std::int64_t message_count, RecentHistory history) {
    std::size_t bytes = bytes_per_entry;
    for (const ExchangePtr& exchange : history.exchanges) bytes += exchange->bytes;

    const std::lock_guard lock(mutex_);
    if (const auto found = by_id_.find(id); found != by_id_.end()) erase(found->second);
    if (bytes > max_bytes_) return;
    entries_.push_front(
        {id, message_count, std::make_shared<const RecentHistory>(std::move(history)), bytes});
    by_id_.emplace(id, entries_.begin());
    bytes_ += bytes;
    while (bytes_ > max_bytes_) erase(std::prev(entries_.end()));
}

void RecentHistories::forget(ConversationId id) {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_id_.find(id); found != by_id_.end()) erase(found->second);
}

void RecentHistories::clear() {
    const std::lock_guard lock(mutex_);
    by_id_.clear();
    entries_.clear();
    bytes_ = 0;
}

void RecentHistories::erase(Entries::iterator entry) {
    bytes_ -= entry->bytes;
    by_id_.erase(entry->id);
    entries_.erase(entry);
}

}  // namespace assistd::core
