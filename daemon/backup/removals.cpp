#include "backup/removals.h"

#include "base/error.h"

namespace assistd::backup {

std::shared_ptr<void> Removals::begin(const core::Owner& user) {
    const std::lock_guard lock(mutex_);
    if (!running_.emplace(user, Rows()).second)
        throw Error(ErrorCode::conflict, "All that belongs to " + user +
                                             " is being removed already. Wait until it is gone; GET "
                                             "/api/v1/ai/users/{user}/removal says how far that is.");
    return {nullptr, [this, user](std::nullptr_t) {
                const std::lock_guard held(mutex_);
                running_.erase(user);
            }};
}

void Removals::count(const core::Owner& user, const std::string& what, std::int64_t rows) {
    if (rows == 0) return;
    const std::lock_guard lock(mutex_);
    running_[user][what] += rows;
}

std::optional<Removals::Rows> Removals::progress(const core::Owner& user) const {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(user);
    if (found == running_.end()) return std::nullopt;
    return found->second;
}

}  // namespace assistd::backup
