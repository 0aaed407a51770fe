#pragma once
// Tells a stored turn again: the events of a turn that is not in memory, with the ids that they had.

#include <memory>
#include <vector>

#include "core/approval.h"
#include "core/message.h"
#include "core/turn.h"
#include "core/turn_feed.h"

namespace assistd::core {

// `messages` are the turn's own and `approvals` those of its calls. Progress is not told again. Ids rise and
// keep their meaning for "what came after". A running turn's feed is left open: it goes on.
std::shared_ptr<TurnFeed> replay_of(const Turn& turn, const std::vector<Message>& messages,
                                    const std::vector<Approval>& approvals);

}  // namespace assistd::core
