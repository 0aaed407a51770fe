#pragma once
// What was spent by each key, token or login on a day of UTC, as far as a daily limit asks for it. Kept by
// the store; any thread.

#include <chrono>
#include <cstdint>
#include <string>

#include "base/async.h"
#include "core/conversation.h"
#include "core/ports.h"

namespace assistd::core {

struct SpentToday {
    std::int64_t tokens = 0;
    double cost = 0;
};

class KeySpending {
  public:
    virtual ~KeySpending() = default;
    // Forgets what was spent long before this day.
    virtual Write add(const std::string& key, const Owner& owner, std::chrono::sys_days day,
                      SpentToday spent) = 0;
    virtual Task<SpentToday> of(std::string key, std::chrono::sys_days day) = 0;
};

}  // namespace assistd::core
