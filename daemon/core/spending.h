#pragma once
// What users may spend on models on a day of UTC: tokens and dollars, as the usage book has them, so that a
// restart forgets nothing. What a turn spends is in the book when the turn has ended; turns that run side by
// side may therefore go beyond the limit by what they spend themselves, and the next one is refused.
//
// Owned by app/, outlives the turn service; any thread.

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "base/limit_rules.h"
#include "core/ports.h"

namespace assistd::core {

struct SpentToday {
    std::int64_t tokens = 0;
    double cost = 0;
};

class Spending {
  public:
    using AllowedOf = std::function<Allowed(const Owner&)>;
    using WallClock = std::function<Timestamp()>;

    // `book` outlives this.
    Spending(UsageBook& book, AllowedOf allowed, WallClock clock)
        : book_(book), allowed_(std::move(allowed)), clock_(std::move(clock)) {}
    Spending(UsageBook& book, AllowedOf allowed) : Spending(book, std::move(allowed), now) {}

    // Throws Error{rate_limited}, which waits for midnight, when the user's day is used up, and
    // Error{unavailable} when the book cannot be read. Reads nothing where there is no limit.
    Task<void> check(Owner user);
    Task<SpentToday> today(Owner user);
    Timestamp midnight() const;  // when the next day begins
    // As the book was when it was last read for this user, today; none when it was not.
    std::optional<SpentToday> last_known(const Owner& user) const;

  private:
    UsageBook& book_;
    const AllowedOf allowed_;
    const WallClock clock_;

    mutable std::mutex mutex_;
    std::chrono::sys_days day_{};       // that the entries are of
    std::map<Owner, SpentToday> read_;  // for users with a limit
};

}  // namespace assistd::core
