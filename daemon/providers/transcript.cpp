#include "providers/transcript.h"

#include <algorithm>

namespace assistd::providers {
namespace {

using core::Block;
using core::Message;
using core::Role;

// What belongs into a message of this role; results and calls are looked after elsewhere.
bool belongs(Role role, const Block& block) {
    if (std::holds_alternative<core::TextBlock>(block)) return role != Role::tool;
    if (std::holds_alternative<core::ImageBlock>(block)) return role == Role::user;
    return std::holds_alternative<core::ThinkingBlock>(block) && role == Role::assistant;
}

const Block* result_of(std::span<const Block* const> results, const std::string& call_id) {
    const auto found = std::find_if(results.begin(), results.end(), [&](const Block* result) {
        return std::get<core::ToolResultBlock>(*result).call_id == call_id;
    });
    return found == results.end() ? nullptr : *found;
}

}  // namespace

Transcript::Transcript(Messages messages) {
    std::size_t turn_begin = messages.size();
    while (turn_begin > 0 && messages[turn_begin - 1]->role != Role::user) --turn_begin;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Message& message = *messages[i];
        if (message.role == Role::tool) continue;  // taken with its reply, or an orphan
        if (message.role == Role::assistant)
            add_reply(messages.subspan(i), i >= turn_begin);
        else
            add_message(message, i >= turn_begin);
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        entries_[i].blocks = std::span(blocks_).subspan(begin, ends_[i] - begin);
        begin = ends_[i];
    }
}

void Transcript::add_message(const Message& message, bool in_current_turn) {
    for (const Block& block : message.blocks)
        if (belongs(message.role, block)) blocks_.push_back(&block);
    close_entry(message.role, in_current_turn);
}

// The reply is the first message; its results follow, with nothing but notices in between.
void Transcript::add_reply(Messages from_reply, bool in_current_turn) {
    std::vector<const Block*> results;
    for (const auto& message : from_reply.subspan(1)) {
        if (message->role == Role::user || message->role == Role::assistant) break;
        for (const Block& block : message->blocks)
            if (std::holds_alternative<core::ToolResultBlock>(block)) results.push_back(&block);
    }
    std::vector<const Block*> answers;
    for (const Block& block : from_reply.front()->blocks) {
        const auto* call = std::get_if<core::ToolCallBlock>(&block);
        const Block* result = call == nullptr ? nullptr : result_of(results, call->call_id);
        if (result != nullptr) answers.push_back(result);
        if (result != nullptr || belongs(Role::assistant, block)) blocks_.push_back(&block);
    }
    close_entry(Role::assistant, in_current_turn, !answers.empty());
    blocks_.insert(blocks_.end(), answers.begin(), answers.end());
    close_entry(Role::tool, in_current_turn);
}

void Transcript::close_entry(Role role, bool in_current_turn, bool calls_tools) {
    const std::size_t begin = ends_.empty() ? 0 : ends_.back();
    if (blocks_.size() == begin) return;
    ends_.push_back(blocks_.size());
    entries_.push_back({role, in_current_turn, calls_tools, {}});
}

}  // namespace assistd::providers
