#pragma once
// Where auth/ takes the time from, so that tests can let a day pass. Values; any thread.

#include <functional>

#include "base/time.h"

namespace assistd::auth {

using Clock = std::function<Timestamp()>;

}  // namespace assistd::auth
