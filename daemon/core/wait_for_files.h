#pragma once
// Files that are put into a vector store are indexed in the background; a turn that is to search them begins
// when they can be found. Used by a turn, on its strand.

#include <chrono>
#include <stop_token>

#include "core/knowledge.h"
#include "core/turn.h"

namespace assistd::core {

// Returns when no file of the stores that the turn's options name is being indexed any more, and after
// `patience` in any case. Throws Error{cancelled} when `stop` is requested first.
Task<void> wait_for_files(Knowledge& knowledge, const Turn& turn, std::chrono::milliseconds patience,
                          std::stop_token stop);

}  // namespace assistd::core
