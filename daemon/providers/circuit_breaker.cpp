#include "providers/circuit_breaker.h"

#include <algorithm>

namespace assistd::providers {

using std::chrono::milliseconds;

std::string_view name_of(BreakerState state) {
    switch (state) {
        case BreakerState::closed:
            return "closed";
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            break;
    }
    return "half_open";
}

std::optional<milliseconds> CircuitBreaker::asked(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (!is_tripped()) return std::nullopt;
    if (now < open_until_) return std::chrono::ceil<milliseconds>(open_until_ - now);
    // Who comes while the one is on its way is told to come back soon.
    if (trying_) return std::min(limits_.pause, milliseconds(1'000));
    trying_ = true;
    return std::nullopt;
}

void CircuitBreaker::succeeded() {
    const std::lock_guard lock(mutex_);
    failures_ = 0;
    trying_ = false;
}

void CircuitBreaker::failed(Clock::time_point now, std::optional<milliseconds> retry_after) {
    const std::lock_guard lock(mutex_);
    trying_ = false;
    ++failures_;
    if (is_tripped()) open_until_ = now + std::max(limits_.pause, retry_after.value_or(milliseconds(0)));
}

void CircuitBreaker::unknown() {
    const std::lock_guard lock(mutex_);
    trying_ = false;
}

BreakerState CircuitBreaker::state(Clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    if (!is_tripped()) return BreakerState::closed;
    return now < open_until_ ? BreakerState::open : BreakerState::half_open;
}

bool CircuitBreaker::is_tripped() const {
    return limits_.failures > 0 && failures_ >= limits_.failures;
}

int CircuitBreaker::failures_in_a_row() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

}  // namespace assistd::providers
