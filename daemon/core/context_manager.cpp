#include "core/context_manager.h"

#include <limits>

#include "base/error.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr int first_chunk = 24;  // most conversations are read in one go
constexpr int later_chunks = 200;

constexpr std::size_t max_models = 1'000;
constexpr std::size_t max_recent_bytes = std::size_t{64} << 20;
// Exchanges kept in memory beyond those that fit: the next turn may have a little more room.
constexpr std::size_t kept_beyond = 8;

// How many of the exchanges, newest first, fit the budget. Counts on while exchanges are read.
class Selection {
  public:
    Selection(const ContextSettings& settings, std::int64_t budget, TurnId summarised)
        : settings_(settings), budget_(budget), summarised_(summarised) {}

    // The next one, from the newest on. False once nothing more fits.
    bool take(const Exchange& exchange) {
        if (full_) return false;
        // Ids of turns rise with time.
        if (!summarised_.is_nil() && exchange.turn <= summarised_) {
            full_ = reached_summary_ = true;
            return false;
        }
        ++seen_;
        // One that no room is enough for must not hide those before it.
        if (exchange.tokens > budget_) return true;
        const int messages = messages_ + static_cast<int>(exchange.messages.size());
        full_ = tokens_ + exchange.tokens > budget_ ||
                (settings_.policy == ContextPolicy::last_messages && messages > settings_.last_messages);
        if (full_) return false;
        tokens_ += exchange.tokens;
        messages_ = messages;
        taken_.push_back(seen_ - 1);
        return true;
    }
    bool full() const { return full_; }
    std::size_t seen() const { return seen_; }

    History messages_of(const RecentHistory& history) const {
        std::vector<MessagePtr> oldest_first;
        oldest_first.reserve(static_cast<std::size_t>(messages_));
        for (auto place = taken_.rbegin(); place != taken_.rend(); ++place) {
            const std::vector<MessagePtr>& messages = history.exchanges[*place]->messages;
            oldest_first.insert(oldest_first.end(), messages.begin(), messages.end());
        }
        return {std::move(oldest_first), tokens_, !full_ || reached_summary_};
    }

  private:
    const ContextSettings& settings_;
    const std::int64_t budget_;
    const TurnId summarised_;
    std::int64_t tokens_ = 0;
    int messages_ = 0;
    std::size_t seen_ = 0;
    std::vector<std::size_t> taken_;  // places in the history
    bool full_ = false;
    bool reached_summary_ = false;
};

Selection select(const ContextSettings& settings, std::int64_t budget, TurnId summarised,
                 const RecentHistory& history) {
    Selection selection(settings, budget, summarised);
    for (const ExchangePtr& exchange : history.exchanges)
        if (!selection.take(*exchange)) break;
    return selection;
}

// Drops what no next turn will have room for.
void trim(RecentHistory& history, const Selection& selection) {
    const std::size_t kept = selection.seen() + kept_beyond;
    if (history.exchanges.size() <= kept) return;
    history.exchanges.resize(kept);
    history.whole = false;
}

}  // namespace

ContextManager::ContextManager(Store& store, ContextSettings settings)
    : store_(store), settings_(settings), recent_(max_recent_bytes) {}

std::int64_t ContextManager::usable_tokens(const ProviderChoice& choice) const {
    const auto share =
        static_cast<std::int64_t>(static_cast<double>(choice.context_window) * settings_.reply_share);
    return choice.context_window - std::max(share, choice.reply_tokens);
}

TokenScale ContextManager::scale(const Conversation& conversation, const std::string& model) {
    const auto known = recent_.find(conversation.id, conversation.message_count);
    if (known && known->model == model) return known->scale;
    const std::lock_guard lock(mutex_);
    const auto found = scales_.find(model);
    return found == scales_.end() ? TokenScale() : found->second;
}

std::int64_t ContextManager::history_budget(const ProviderChoice& choice, std::int64_t prompt_tokens,
                                            const Message& user_message, const TokenScale& scale) const {
    const std::int64_t room = scale.estimated(usable_tokens(choice)) - prompt_tokens;
    const std::int64_t message = estimate_tokens(user_message);
    if (message <= room) return room - message;
    const auto tokens = [&](std::int64_t estimated) { return std::to_string(scale.counted(estimated)); };
    if (room <= 0)
        throw Error(ErrorCode::validation,
                    "The instructions and the tools take about " + tokens(prompt_tokens) +
                        " tokens, and of the window of " + choice.provider_name + ":" + choice.model + ", " +
                        std::to_string(choice.context_window) +
                        " tokens, a part is kept for the reply: choose a model with more, or set its "
                        "context_window in the configuration if it has more.");
    throw Error(ErrorCode::validation, "The message is too long for the model.",
                {{"content", "The message has about " + tokens(message) +
                                 " tokens; the model can take at most " + tokens(room) + "."}});
}

Task<History> ContextManager::history(Conversation before, TurnId current, std::int64_t token_budget,
                                      TurnId summarised) {
    if (before.message_count == 0) co_return History();
    if (const auto known = recent_.find(before.id, before.message_count)) {
        const Selection selection = select(settings_, token_budget, summarised, *known);
        if (known->exchanges.size() > selection.seen() + 2 * kept_beyond) {
            RecentHistory shorter = *known;
            trim(shorter, selection);
            recent_.put(before.id, before.message_count, std::move(shorter));
        }
        if (selection.full() || known->whole) co_return selection.messages_of(*known);
    }
    RecentHistory history = co_await read(before.id, current, token_budget, summarised);
    const Selection selection = select(settings_, token_budget, summarised, history);
    History messages = selection.messages_of(history);
    trim(history, selection);
    recent_.put(before.id, before.message_count, std::move(history));
    co_return messages;
}

void ContextManager::remember(const Conversation& before, std::vector<MessagePtr> exchange,
                              const std::string& model, const TokenScale& scale) {
    {
        const std::lock_guard lock(mutex_);
        // Where every name of a model is passed on, there may be any number of them.
        if (scales_.size() >= max_models) scales_.clear();
        scales_[model] = scale;
    }
    const auto messages = static_cast<std::int64_t>(exchange.size());
    RecentHistory history;
    history.model = model;
    history.scale = scale;
    history.whole = before.message_count == 0;
    history.exchanges.push_back(std::make_shared<const Exchange>(std::move(exchange)));
    if (!history.whole) {
        const auto known = recent_.find(before.id, before.message_count);
        if (!known) return;
        history.whole = known->whole;
        history.exchanges.insert(history.exchanges.end(), known->exchanges.begin(), known->exchanges.end());
    }
    recent_.put(before.id, before.message_count + messages, std::move(history));
}

Task<std::optional<Summary>> ContextManager::summary(ConversationId id) {
    if (!summarises()) co_return std::nullopt;
    co_return co_await store_.summary(id);
}

void ContextManager::put_summary(const Summary& summary) {
    store_.put_summary(summary);
}

// Reads until one does not fit.
Task<RecentHistory> ContextManager::read(ConversationId id, TurnId current, std::int64_t token_budget,
                                         TurnId summarised) {
    RecentHistory history;
    Selection selection(settings_, token_budget, summarised);
    std::vector<MessagePtr> exchange;  // the one being read, newest message first
    TurnId reading;                    // its turn, once known
    const auto close = [&] {
        if (exchange.empty()) return;
        std::vector<MessagePtr> oldest_first(exchange.rbegin(), exchange.rend());
        history.exchanges.push_back(std::make_shared<const Exchange>(std::move(oldest_first)));
        selection.take(*history.exchanges.back());
        exchange.clear();
    };
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    int chunk = first_chunk;
    while (!selection.full()) {
        std::vector<Message> messages = co_await store_.messages_before(id, before, chunk);
        for (Message& message : messages) {
            before = message.sequence;
            if (message.turn == current) continue;
            // A notice belongs to no turn; it goes with the exchange that came after it.
            if (!reading.is_nil() && !message.turn.is_nil() && message.turn != reading) close();
            if (!message.turn.is_nil()) reading = message.turn;
            exchange.push_back(std::make_shared<const Message>(std::move(message)));
        }
        if (static_cast<int>(messages.size()) < chunk) {
            close();
            history.whole = true;
            break;
        }
        chunk = later_chunks;
    }
    co_return history;
}

}  // namespace assistd::core
