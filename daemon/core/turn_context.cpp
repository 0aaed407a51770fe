#include "core/turn_context.h"

#include "core/shorter_results.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

// What a request for a summary has besides the text: its instructions and the summary before it.
constexpr std::int64_t summary_prompt = 1'500;

}  // namespace

TurnContext::TurnContext(ContextManager& contexts, Conversation before, TurnId turn)
    : contexts_(contexts), before_(std::move(before)), turn_(turn) {}

void TurnContext::limit(const TurnOptions& options) {
    most_tokens_ = options.max_prompt_tokens;
    last_messages_ = options.last_messages;
    has_history_ = true;
}

Task<void> TurnContext::load(const ProviderChoice& choice, PromptSize prompt, std::vector<MessagePtr> own) {
    model_ = choice.provider_name + ":" + choice.model;
    usable_ = contexts_.usable_tokens(choice);
    if (most_tokens_ > 0) usable_ = std::min(usable_, most_tokens_);
    prompt_tokens_ = prompt.tokens;
    scale_ = contexts_.scale(before_, model_);
    if (before_.id.is_nil()) {
        for (MessagePtr& message : own) add(std::move(message));
        contexts_.check_fits(choice, prompt, own_tokens_, scale_);
        co_return;
    }
    // The message that is answered is one of those.
    if (last_messages_ > 0 && !own.empty() && own.front()->role == Role::user)
        has_history_ = --last_messages_ > 0;
    std::int64_t room = scale_.estimated(usable_) - prompt_tokens_;
    if (!own.empty()) room = std::min(room, contexts_.history_budget(choice, prompt, *own.front(), scale_));
    summary_ = co_await contexts_.summary(before_.id);
    History found = co_await history(room, Spare::half);
    const bool all_of_it = found.whole;
    replace_history(std::move(found));
    for (MessagePtr& message : own) add(std::move(message));
    if (all_of_it || !contexts_.summarises() || !choice.writes_prose) co_return;
    // Half of the room is kept free, so that the next summary is many turns away. What one call cannot take
    // in is left out for good.
    const std::int64_t for_call = scale_.estimated(usable_) - summary_prompt;
    const TurnId covered = summary_ ? summary_->upto : TurnId();
    const HistoryRoom for_both{room / 2 + for_call, room / 2 + for_call, covered};
    const History more = co_await contexts_.history(before_, turn_, for_both);
    SummaryPlan plan = plan_summary(more.messages, room / 2);
    if (!plan.upto.is_nil() && contexts_.may_ask_for_summary(before_.id)) plan_ = std::move(plan);
}

void TurnContext::summarised(std::string text) {
    summary_ = Summary{before_.id, plan_.upto, std::move(text), now()};
    contexts_.put_summary(*summary_);
    replace_history({std::move(plan_.kept), plan_.kept_tokens, true});
    plan_ = SummaryPlan();
}

void TurnContext::add(MessagePtr message) {
    own_tokens_ += estimate_tokens(*message);
    messages_.push_back(std::move(message));
}

Task<void> TurnContext::fit() {
    co_await shrink(scale_.estimated(usable_) - prompt_tokens_, Spare::half);
}

Task<bool> TurnContext::halve() {
    const std::int64_t before = history_tokens_ + own_tokens_;
    const std::int64_t room = history_tokens_ > 0 ? own_tokens_ + history_tokens_ / 2 : own_tokens_ / 2;
    co_await shrink(room, Spare::none);
    co_return history_tokens_ + own_tokens_ < before;
}

std::int64_t TurnContext::expected_tokens() const {
    return scale_.counted(prompt_tokens_ + history_tokens_ + own_tokens_);
}

void TurnContext::reported(std::int64_t prompt_tokens) {
    scale_.learn(prompt_tokens_ + history_tokens_ + own_tokens_, prompt_tokens);
}

void TurnContext::remember() const {
    // Shortened results are not what is stored; the next turn reads those.
    if (results_shortened_) return;
    const auto own = messages_.begin() + static_cast<std::ptrdiff_t>(history_size_);
    contexts_.remember(before_, {own, messages_.end()}, model_, scale_);
}

Task<void> TurnContext::shrink(std::int64_t room, Spare spare) {
    if (history_tokens_ + own_tokens_ <= room) co_return;
    const std::int64_t for_history = std::max<std::int64_t>(0, room - own_tokens_);
    if (history_tokens_ > for_history) replace_history(co_await history(for_history, spare));
    if (own_tokens_ <= room) co_return;
    const std::span<MessagePtr> own = std::span(messages_).subspan(history_size_);
    const std::int64_t shorter = shorten_results(own, own_tokens_ - room);
    if (shorter > 0) results_shortened_ = true;
    own_tokens_ -= shorter;
}

// What has room beside the summary.
Task<History> TurnContext::history(std::int64_t room, Spare spare) {
    if (!has_history_) co_return History();
    HistoryRoom wanted;
    wanted.tokens = summary_ ? room - estimate_tokens(*summary_message(*summary_)) : room;
    wanted.kept = spare == Spare::half ? wanted.tokens / 2 : wanted.tokens;
    if (summary_) wanted.summarised = summary_->upto;
    wanted.model = model_;
    wanted.last_messages = last_messages_;
    co_return co_await contexts_.history(before_, turn_, std::move(wanted));
}

void TurnContext::replace_history(History history) {
    std::vector<MessagePtr> messages;
    if (summary_) {
        messages.push_back(summary_message(*summary_));
        history.tokens += estimate_tokens(*messages.back());
    }
    messages.insert(messages.end(), history.messages.begin(), history.messages.end());
    const auto own = messages_.begin() + static_cast<std::ptrdiff_t>(history_size_);
    history_size_ = messages.size();
    history_tokens_ = history.tokens;
    messages.insert(messages.end(), own, messages_.end());
    messages_ = std::move(messages);
}

}  // namespace assistd::core
