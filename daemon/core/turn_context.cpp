#include "core/turn_context.h"

#include "core/shorter_results.h"
#include "core/tokens.h"

namespace assistd::core {

TurnContext::TurnContext(ContextManager& contexts, Conversation before, TurnId turn)
    : contexts_(contexts), before_(std::move(before)), turn_(turn) {}

Task<void> TurnContext::load(const ProviderChoice& choice, std::int64_t prompt_tokens,
                             std::vector<MessagePtr> own) {
    model_ = choice.provider_name + ":" + choice.model;
    window_ = choice.context_window;
    prompt_tokens_ = prompt_tokens;
    scale_ = contexts_.scale(before_, model_);
    const std::int64_t room = contexts_.history_budget(window_, prompt_tokens, *own.front(), scale_);
    replace_history(co_await contexts_.history(before_, turn_, room));
    for (MessagePtr& message : own) add(std::move(message));
}

void TurnContext::add(MessagePtr message) {
    own_tokens_ += estimate_tokens(*message);
    messages_.push_back(std::move(message));
}

Task<void> TurnContext::fit() {
    co_await shrink(scale_.estimated(contexts_.usable_tokens(window_)) - prompt_tokens_);
}

Task<bool> TurnContext::halve() {
    const std::int64_t before = history_tokens_ + own_tokens_;
    co_await shrink(history_tokens_ > 0 ? own_tokens_ + history_tokens_ / 2 : own_tokens_ / 2);
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

Task<void> TurnContext::shrink(std::int64_t room) {
    if (history_tokens_ + own_tokens_ <= room) co_return;
    const std::int64_t for_history = std::max<std::int64_t>(0, room - own_tokens_);
    if (history_tokens_ > for_history)
        replace_history(co_await contexts_.history(before_, turn_, for_history));
    if (own_tokens_ <= room) co_return;
    const std::span<MessagePtr> own = std::span(messages_).subspan(history_size_);
    const std::int64_t shorter = shorten_results(own, own_tokens_ - room);
    if (shorter > 0) results_shortened_ = true;
    own_tokens_ -= shorter;
}

void TurnContext::replace_history(History history) {
    const auto own = messages_.begin() + static_cast<std::ptrdiff_t>(history_size_);
    history_size_ = history.messages.size();
    history_tokens_ = history.tokens;
    history.messages.insert(history.messages.end(), own, messages_.end());
    messages_ = std::move(history.messages);
}

}  // namespace assistd::core
