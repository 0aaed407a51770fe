#pragma once
// Tells a stored turn again: the events of a turn that is not in memory, with the ids that they had.

#include <memory>
#include <vector>

#include "core/message.h"
#include "core/turn.h"
#include "core/turn_feed.h"

namespace assistd::core {

// `messages` are the turn's own, oldest first. The pieces of a reply come as one, progress and titles not at
// all; ids rise and keep their meaning for "what came after". A running turn's feed is left open: it goes on.
std::shared_ptr<TurnFeed> replay_of(const Turn& turn, const std::vector<Message>& messages);

}  // namespace assistd::core
