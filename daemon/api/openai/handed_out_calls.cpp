#include "api/openai/handed_out_calls.h"

namespace assistd::api::openai {
namespace {

struct BlockSize {
    std::size_t operator()(const core::TextBlock& block) const { return block.text.size(); }
    std::size_t operator()(const core::ThinkingBlock& block) const {
        return block.text.size() + block.signature.size() + block.redacted.size();
    }
    std::size_t operator()(const core::ToolCallBlock& block) const { return block.arguments.size(); }
    std::size_t operator()(const core::ToolResultBlock& block) const { return block.content.size(); }
    std::size_t operator()(const core::ImageBlock& block) const { return block.data.size(); }
};

std::size_t size_of(const std::vector<core::Message>& messages) {
    std::size_t bytes = 0;
    for (const core::Message& message : messages) {
        bytes += sizeof(core::Message);
        for (const core::Block& block : message.blocks)
            bytes += sizeof(core::Block) + std::visit(BlockSize{}, block);
    }
    return bytes;
}

}  // namespace

void HandedOutCalls::put(const core::Owner& owner, std::vector<core::Message> messages) {
    Entry entry;
    for (const core::Message& message : messages)
        for (const core::ToolCallBlock& call : message.tool_calls())
            entry.keys.emplace_back(owner, call.call_id);
    entry.bytes = size_of(messages);
    entry.messages = std::move(messages);
    if (entry.keys.empty() || entry.bytes > most_bytes_) return;
    const std::lock_guard lock(mutex_);
    bytes_ += entry.bytes;
    entries_.push_front(std::move(entry));
    for (const auto& key : entries_.front().keys) by_call_[key] = entries_.begin();
    while (bytes_ > most_bytes_) {
        const auto oldest = std::prev(entries_.end());
        for (const auto& key : oldest->keys)
            if (const auto found = by_call_.find(key); found != by_call_.end() && found->second == oldest)
                by_call_.erase(found);
        bytes_ -= oldest->bytes;
        entries_.pop_back();
    }
}

std::vector<core::Message> HandedOutCalls::find(const core::Owner& owner, const std::string& call_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_call_.find({owner, call_id});
    return found == by_call_.end() ? std::vector<core::Message>() : found->second->messages;
}

}  // namespace assistd::api::openai
