#include "core/history_starts.h"

namespace assistd::core {
namespace {

constexpr std::size_t max_remembered = 4'096;  // beyond it all are forgotten

}  // namespace

TurnId HistoryStarts::find(ConversationId conversation, const std::string& model, TurnId summarised) const {
    const std::lock_guard lock(mutex_);
    const auto found = starts_.find({conversation, model});
    return found == starts_.end() || found->second.summarised != summarised ? TurnId() : found->second.turn;
}

void HistoryStarts::put(ConversationId conversation, const std::string& model, TurnId summarised,
                        TurnId start) {
    const std::lock_guard lock(mutex_);
    const Key key(conversation, model);
    if (starts_.size() >= max_remembered && !starts_.contains(key)) starts_.clear();
    starts_[key] = {summarised, start};
}

}  // namespace assistd::core
