#include "tools/plugins/crash_count.h"

#include <algorithm>

namespace assistd::tools {
namespace {

using namespace std::chrono_literals;

constexpr int most_crashes = 4;
constexpr std::chrono::seconds first_pause = 30s;
constexpr std::chrono::seconds longest_pause = 1h;

}  // namespace

// After a pause one crash is enough for the next one, which is twice as long.
void CrashCount::crashed(Clock::time_point now) {
    last_ = now;
    if (++in_a_row_ < most_crashes || now < until_) return;
    const std::chrono::seconds pause = first_pause * (1 << std::min(quarantines_, 16));
    until_ = now + std::min(pause, longest_pause);
    ++quarantines_;
}

void CrashCount::worked(Clock::time_point begun) {
    if (begun >= last_) release();
}

std::optional<std::chrono::seconds> CrashCount::quarantine(Clock::time_point now) const {
    if (now >= until_) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(until_ - now);
}

}  // namespace assistd::tools
