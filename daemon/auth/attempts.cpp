#include "auth/attempts.h"

#include <algorithm>

namespace assistd::auth {

std::optional<std::chrono::seconds> Attempts::wait_of(const std::string& name, Clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    const auto found = forgiven_at_.find(name);
    if (found == forgiven_at_.end()) return std::nullopt;
    // Room for one more failure within the window.
    const auto free_at = found->second - (Clock::duration(window_) - each());
    if (free_at <= now) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(free_at - now);
}

void Attempts::failed(const std::string& name, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (forgiven_at_.size() >= names_ && !forgiven_at_.contains(name)) make_room(now);
    auto& forgiven_at = forgiven_at_[name];
    forgiven_at = std::max(forgiven_at, now) + each();
}

void Attempts::take_back(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = forgiven_at_.find(name);
    if (found != forgiven_at_.end()) found->second -= each();
}

void Attempts::forget(const std::string& name) {
    const std::lock_guard lock(mutex_);
    forgiven_at_.erase(name);
}

void Attempts::make_room(Clock::time_point now) {
    std::erase_if(forgiven_at_, [&](const auto& entry) { return entry.second <= now; });
    if (forgiven_at_.size() < names_) return;
    forgiven_at_.erase(std::min_element(forgiven_at_.begin(), forgiven_at_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; }));
}

}  // namespace assistd::auth
