#include "core/context_manager.h"

#include <limits>

#include "base/error.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr int first_chunk = 24;  // most conversations are read in one go
constexpr int later_chunks = 200;

// Collects exchanges, newest first, until the next one does not fit.
class Selection {
  public:
    Selection(const ContextSettings& settings, std::int64_t budget) : settings_(settings), budget_(budget) {}

    // False once nothing more fits. `exchange` is newest first.
    bool take(const std::vector<MessagePtr>& exchange) {
        std::int64_t tokens = 0;
        for (const MessagePtr& message : exchange) tokens += estimate_tokens(*message);
        if (used_ + tokens > budget_) return false;
        const auto count = static_cast<int>(exchange.size());
        if (settings_.policy == ContextPolicy::last_messages && count_ + count > settings_.last_messages)
            return false;
        used_ += tokens;
        count_ += count;
        newest_first_.insert(newest_first_.end(), exchange.begin(), exchange.end());
        return true;
    }

    std::vector<MessagePtr> oldest_first() const { return {newest_first_.rbegin(), newest_first_.rend()}; }

  private:
    const ContextSettings& settings_;
    std::int64_t budget_;
    std::int64_t used_ = 0;
    int count_ = 0;
    std::vector<MessagePtr> newest_first_;
};

}  // namespace

std::int64_t ContextManager::history_budget(std::int64_t window, std::int64_t prompt_tokens,
                                            const Message& user_message) const {
    const auto usable = static_cast<std::int64_t>(static_cast<double>(window) * (1 - settings_.reply_share));
    const std::int64_t left = usable - prompt_tokens - estimate_tokens(user_message);
    if (left < 0)
        throw Error(
            ErrorCode::validation, "The message is too long for the model.",
            {{"content", "The message has about " + std::to_string(estimate_tokens(user_message)) +
                             " tokens; the model can take at most " +
                             std::to_string(std::max<std::int64_t>(0, usable - prompt_tokens)) + "."}});
    return left;
}

Task<std::vector<MessagePtr>> ContextManager::history(ConversationId id, TurnId current,
                                                      std::int64_t token_budget) const {
    Selection selection(settings_, token_budget);
    std::vector<MessagePtr> exchange;  // the one being read, newest message first
    TurnId reading;                    // its turn, once known
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    int chunk = first_chunk;
    for (;;) {
        std::vector<Message> messages = co_await store_.messages_before(id, before, chunk);
        for (Message& message : messages) {
            before = message.sequence;
            if (message.turn == current) continue;
            // A notice belongs to no turn; it goes with the exchange that came after it.
            if (!reading.is_nil() && !message.turn.is_nil() && message.turn != reading) {
                if (!selection.take(exchange)) co_return selection.oldest_first();
                exchange.clear();
            }
            if (!message.turn.is_nil()) reading = message.turn;
            exchange.push_back(std::make_shared<const Message>(std::move(message)));
        }
        if (static_cast<int>(messages.size()) < chunk) break;
        chunk = later_chunks;
    }
    if (!exchange.empty()) selection.take(exchange);
    co_return selection.oldest_first();
}

}  // namespace assistd::core
