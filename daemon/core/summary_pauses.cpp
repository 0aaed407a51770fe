#include "core/summary_pauses.h"

#include <algorithm>

namespace assistd::core {
namespace {

constexpr int longest = 16;                    // turns
constexpr std::size_t max_remembered = 4'096;  // conversations; beyond it all are forgotten

}  // namespace

bool SummaryPauses::try_now(ConversationId id) {
    const std::lock_guard lock(mutex_);
    if (pauses_.size() >= max_remembered && !pauses_.contains(id)) pauses_.clear();
    Pause& pause = pauses_[id];
    if (pause.turns_left > 0) {
        --pause.turns_left;
        return false;
    }
    pause.turns_left = pause.next;
    pause.next = std::min(2 * pause.next, longest);
    return true;
}

void SummaryPauses::succeeded(ConversationId id) {
    const std::lock_guard lock(mutex_);
    pauses_.erase(id);
}

}  // namespace assistd::core
