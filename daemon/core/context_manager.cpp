#include "core/context_manager.h"

#include <limits>

#include "base/error.h"
#include "core/shorter_results.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr int first_chunk = 24;  // most conversations are read in one go
constexpr int later_chunks = 200;

constexpr std::size_t max_models = 1'000;
constexpr std::size_t max_recent_bytes = std::size_t{64} << 20;
// Exchanges kept in memory beyond those that fit: the next turn may have a little more room.
constexpr std::size_t kept_beyond = 8;
// Exchanges that no room is enough for even when their results are shortened, before the history ends at the
// next one.
constexpr int most_skipped = 8;

// Drops what no next turn will have room for.
void trim(RecentHistory& history, std::size_t seen) {
    const std::size_t kept = seen + kept_beyond;
    if (history.exchanges.size() <= kept) return;
    history.exchanges.resize(kept);
    history.whole = false;
}

// Whether the message behind another one belongs to another exchange. What a turn said stays together; what
// clients put into the conversation begins anew with each of the user's messages.
bool begins_exchange(const Message& message, const Message& behind) {
    return message.turn != behind.turn || (behind.turn.is_nil() && behind.role == Role::user);
}

// One that no room is enough for, with its longest results cut so that it leaves room for others.
ExchangePtr shortened(const Exchange& exchange, std::int64_t room) {
    std::vector<MessagePtr> messages = exchange.messages;
    const std::int64_t saved = shorten_results(messages, exchange.tokens - room / 4);
    return saved > 0 ? std::make_shared<const Exchange>(std::move(messages)) : nullptr;
}

}  // namespace

std::int64_t usable_tokens(const ProviderChoice& choice, const ContextSettings& settings) {
    const auto share =
        static_cast<std::int64_t>(static_cast<double>(choice.context_window) * settings.reply_share);
    return choice.context_window - std::max(share, choice.reply_tokens);
}

// Which of the exchanges, newest first, are told. Counts on while exchanges are read.
class ContextManager::Selection {
  public:
    Selection(const ContextSettings& settings, const HistoryRoom& room, TurnId start)
        : settings_(settings), room_(room), start_(start) {}

    // The next one, from the newest on. False once nothing more is told.
    bool take(ExchangePtr exchange) {
        if (full_ || is_behind_the_start(*exchange)) return close();
        ++seen_;
        if (exchange->tokens > room_.tokens)
            if (ExchangePtr shorter = shortened(*exchange, room_.tokens)) exchange = std::move(shorter);
        // One that no room is enough for must not hide those before it.
        if (exchange->tokens > room_.tokens) return ++skipped_ <= most_skipped || close();
        overflowed_ = tokens_ + exchange->tokens > room_.tokens;
        if (overflowed_) make_room();
        if (overflowed_ || is_beyond_the_last_messages(*exchange)) return close();
        tokens_ += exchange->tokens;
        messages_ += static_cast<int>(exchange->messages.size());
        taken_.push_back(std::move(exchange));
        return true;
    }
    bool full() const { return full_; }
    std::size_t seen() const { return seen_; }
    // Of the oldest exchange that is told, when there were more than have room; else nil.
    TurnId new_start() const { return overflowed_ ? taken_.back()->turn : TurnId(); }

    History history() const {
        std::vector<MessagePtr> oldest_first;
        oldest_first.reserve(static_cast<std::size_t>(messages_));
        for (auto exchange = taken_.rbegin(); exchange != taken_.rend(); ++exchange) {
            const std::vector<MessagePtr>& messages = (*exchange)->messages;
            oldest_first.insert(oldest_first.end(), messages.begin(), messages.end());
        }
        return {std::move(oldest_first), tokens_, !full_ || reached_summary_};
    }

  private:
    bool close() {
        full_ = true;
        return false;
    }
    // Ids of turns rise with time.
    bool is_behind_the_start(const Exchange& exchange) {
        reached_summary_ =
            reached_summary_ || (!room_.summarised.is_nil() && exchange.turn <= room_.summarised);
        return reached_summary_ || exchange.turn < start_;
    }
    // 0: any number.
    int last_messages() const {
        if (room_.last_messages > 0) return room_.last_messages;
        return settings_.policy == ContextPolicy::last_messages ? settings_.last_messages : 0;
    }
    // The newest is told in any case: without it the model would forget what was said just now.
    bool is_beyond_the_last_messages(const Exchange& exchange) const {
        const int most = last_messages();
        return most > 0 && !taken_.empty() && messages_ + static_cast<int>(exchange.messages.size()) > most;
    }
    // The newest stays here too.
    void make_room() {
        while (taken_.size() > 1 && tokens_ > room_.kept) {
            tokens_ -= taken_.back()->tokens;
            taken_.pop_back();
        }
    }

    const ContextSettings settings_;
    const HistoryRoom& room_;
    const TurnId start_;
    std::int64_t tokens_ = 0;
    int messages_ = 0;
    int skipped_ = 0;
    std::size_t seen_ = 0;
    std::vector<ExchangePtr> taken_;
    bool full_ = false;
    bool overflowed_ = false;
    bool reached_summary_ = false;
};

ContextManager::ContextManager(Store& store, ContextSettings settings)
    : store_(store), settings_(settings), recent_(max_recent_bytes) {}

TokenScale ContextManager::scale(const Conversation& conversation, const std::string& model) {
    const auto known = recent_.find(conversation.id, conversation.message_count);
    if (known && known->model == model) return known->scale;
    const std::lock_guard lock(mutex_);
    const auto found = scales_.find(model);
    return found == scales_.end() ? TokenScale() : found->second;
}

std::int64_t ContextManager::history_budget(const ProviderChoice& choice, const PromptSize& prompt,
                                            const Message& user_message, const TokenScale& scale) const {
    const std::int64_t room = scale.estimated(usable_tokens(choice)) - prompt.tokens;
    const std::int64_t message = estimate_tokens(user_message);
    if (message <= room) return room - message;
    const auto tokens = [&](std::int64_t estimated) { return std::to_string(scale.counted(estimated)); };
    if (room <= 0) throw Error(ErrorCode::validation, no_room_beside(prompt, choice, scale));
    throw Error(ErrorCode::validation, "The message is too long for the model.",
                {{"content", "The message has about " + tokens(message) +
                                 " tokens; the model can take at most " + tokens(room) + "."}});
}

void ContextManager::check_fits(const ProviderChoice& choice, const PromptSize& prompt,
                                std::int64_t message_tokens, const TokenScale& scale) const {
    const std::int64_t most = core::usable_tokens(choice, *settings_.latest());
    const std::int64_t wanted = scale.counted(prompt.tokens + message_tokens);
    if (wanted <= most) return;
    if (scale.counted(prompt.tokens) >= most)
        throw Error(ErrorCode::context_too_long, no_room_beside(prompt, choice, scale));
    throw Error(ErrorCode::context_too_long,
                "The messages, with the instructions and the tools, have about " + std::to_string(wanted) +
                    " tokens, and " + choice.provider_name + ":" + choice.model + " can take at most " +
                    std::to_string(most) + " beside its reply; send fewer or shorter messages.");
}

Task<History> ContextManager::history(Conversation before, TurnId current, HistoryRoom room) {
    if (before.message_count == 0) co_return History();
    if (room.tokens <= 0) co_return History{{}, 0, false};
    // So many messages are wanted, not fewer: there the begin moves with every turn.
    if (settings_.latest()->policy == ContextPolicy::last_messages || room.last_messages > 0) {
        room.kept = room.tokens;
        room.model.clear();
    }
    const TurnId start = room.model.empty() ? TurnId() : starts_.find(before.id, room.model, room.summarised);
    const auto told = [&](const Selection& selection) {
        const TurnId new_start = selection.new_start();
        if (!room.model.empty() && !new_start.is_nil())
            starts_.put(before.id, room.model, room.summarised, new_start);
        return selection.history();
    };
    if (const auto known = recent_.find(before.id, before.message_count)) {
        const Selection selection = select(room, start, *known);
        if (known->exchanges.size() > selection.seen() + 2 * kept_beyond) {
            RecentHistory shorter = *known;
            trim(shorter, selection.seen());
            recent_.put(before.id, before.message_count, std::move(shorter));
        }
        if (selection.full() || known->whole) co_return told(selection);
    }
    RecentHistory history = co_await read(before.id, current, room, start);
    const Selection selection = select(room, start, history);
    trim(history, selection.seen());
    recent_.put(before.id, before.message_count, std::move(history));
    co_return told(selection);
}

ContextManager::Selection ContextManager::select(const HistoryRoom& room, TurnId start,
                                                 const RecentHistory& history) const {
    Selection selection(*settings_.latest(), room, start);
    for (const ExchangePtr& exchange : history.exchanges)
        if (!selection.take(exchange)) break;
    return selection;
}

void ContextManager::remember(const Conversation& before, std::vector<MessagePtr> exchange,
                              const std::string& model, const TokenScale& scale) {
    {
        const std::lock_guard lock(mutex_);
        // Where every name of a model is passed on, there may be any number of them.
        if (scales_.size() >= max_models) scales_.clear();
        scales_[model] = scale;
    }
    if (before.id.is_nil()) return;  // nothing is kept of it
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
    summary_pauses_.succeeded(summary.conversation);
    store_.put_summary(summary);
}

// Reads until one does not fit. `room` outlives the call.
Task<RecentHistory> ContextManager::read(ConversationId id, TurnId current, const HistoryRoom& room,
                                         TurnId start) {
    RecentHistory history;
    Selection selection(*settings_.latest(), room, start);
    std::vector<MessagePtr> exchange;  // the one being read, newest message first
    const Message* oldest = nullptr;   // of those in it that are no notices
    const auto close = [&] {
        if (exchange.empty()) return;
        std::vector<MessagePtr> oldest_first(exchange.rbegin(), exchange.rend());
        history.exchanges.push_back(std::make_shared<const Exchange>(std::move(oldest_first)));
        selection.take(history.exchanges.back());
        exchange.clear();
        oldest = nullptr;
    };
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    int chunk = first_chunk;
    while (!selection.full()) {
        std::vector<Message> messages = co_await store_.messages_before(id, before, chunk);
        for (Message& message : messages) {
            before = message.sequence;
            if (!current.is_nil() && message.turn == current) continue;
            // A notice goes with the exchange that came after it.
            const bool is_notice = message.turn.is_nil() && message.role == Role::system;
            if (!is_notice && oldest && begins_exchange(message, *oldest)) close();
            exchange.push_back(std::make_shared<const Message>(std::move(message)));
            if (!is_notice) oldest = exchange.back().get();
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
