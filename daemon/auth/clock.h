#pragma once
// Where auth/ takes the time from, so that tests can let a day pass. Values; any thread.

#include <chrono>
#include <functional>

#include "base/time.h"

namespace assistd::auth {

using Clock = std::function<Timestamp()>;
// For how long ago something was: a clock that is set right changes nothing of it.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

}  // namespace assistd::auth
