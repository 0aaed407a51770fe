#pragma once
// Waiting that can be cut short. A coroutine on a strand.

#include <chrono>
#include <stop_token>

#include "base/async.h"

namespace assistd {

// Returns when the time is over, or `stop` is requested.
Task<void> pause(std::chrono::milliseconds time, std::stop_token stop);

}  // namespace assistd
