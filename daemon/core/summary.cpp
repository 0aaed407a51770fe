#include "core/summary.h"

#include "base/utf8.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr std::size_t longest_result = 2'000;  // bytes of each that the summary is made from

struct BlockText {
    std::string operator()(const TextBlock& block) const { return block.text; }
    std::string operator()(const ThinkingBlock&) const { return {}; }
    std::string operator()(const ToolCallBlock& block) const {
        return "[calls " + block.name + " with " + block.arguments + "]";
    }
    std::string operator()(const ToolResultBlock& block) const {
        const std::string_view shown = whole_characters(block.content, longest_result);
        return std::string(shown) + (shown.size() < block.content.size() ? " … (cut)" : "");
    }
    std::string operator()(const ImageBlock&) const { return "[a picture]"; }
};

std::string_view speaker(Role role) {
    switch (role) {
        case Role::user:
            return "User: ";
        case Role::assistant:
            return "Assistant: ";
        case Role::tool:
            return "Result: ";
        case Role::system:
            break;
    }
    return "Notice: ";
}

}  // namespace

SummaryPlan plan_summary(std::span<const MessagePtr> oldest_first, std::int64_t kept_budget) {
    std::size_t kept_from = oldest_first.size();
    std::int64_t kept_tokens = 0;
    std::int64_t exchange_tokens = 0;
    for (std::size_t i = oldest_first.size(); i-- > 0;) {
        exchange_tokens += estimate_tokens(*oldest_first[i]);
        // The newest always stays: it may be answered again, and no summary may tell of the reply before.
        if (kept_tokens > 0 && kept_tokens + exchange_tokens > kept_budget) break;
        // Notices stand with the exchange before them; an exchange begins with the user's message.
        if (oldest_first[i]->role != Role::user) continue;
        kept_from = i;
        kept_tokens += exchange_tokens;
        exchange_tokens = 0;
    }
    SummaryPlan plan;
    plan.dropped.assign(oldest_first.begin(), oldest_first.begin() + static_cast<std::ptrdiff_t>(kept_from));
    plan.kept.assign(oldest_first.begin() + static_cast<std::ptrdiff_t>(kept_from), oldest_first.end());
    plan.kept_tokens = kept_tokens;
    for (const MessagePtr& message : plan.dropped)
        if (!message->turn.is_nil()) plan.upto = message->turn;
    return plan;
}

std::string as_text(std::span<const MessagePtr> messages) {
    std::string text;
    for (const MessagePtr& message : messages) {
        std::string said;
        for (const Block& block : message->blocks) {
            const std::string part = std::visit(BlockText{}, block);
            if (!said.empty() && !part.empty()) said += '\n';
            said += part;
        }
        if (said.empty()) continue;
        if (!text.empty()) text += "\n\n";
        text += speaker(message->role);
        text += said;
    }
    return text;
}

MessagePtr summary_message(const Summary& summary) {
    Message message;
    message.role = Role::system;
    message.blocks.push_back(TextBlock{"Summary of the earlier part of this conversation:\n" + summary.text});
    return std::make_shared<const Message>(std::move(message));
}

}  // namespace assistd::core
