#pragma once
// What users, keys and addresses may spend on models on a day of UTC: tokens and dollars. A user's are as the
// usage book has them and a key's are kept beside it, so that a restart forgets neither; it forgets what came
// from an address, and by which key the turns were asked for that it broke off. What a turn spends counts
// when the turn has ended; turns that run side by side may therefore go beyond the limit by what they spend
// themselves, and the next one is refused.
//
// Owned by app/, outlives the turn service; any thread.

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "base/limit_rules.h"
#include "core/asker.h"
#include "core/key_spending.h"
#include "core/ports.h"

namespace assistd::core {

// None: it is not known.
struct SpentOfAll {
    std::optional<SpentToday> user = {};
    std::optional<SpentToday> key = {};
    std::optional<SpentToday> address = {};
};

class Spending {
  public:
    using AllowedOf = std::function<AllowedOfAll(const Asker&)>;
    using WallClock = std::function<Timestamp()>;

    // The book and the keys' outlive this.
    Spending(UsageBook& book, KeySpending& of_keys, AllowedOf allowed, WallClock clock = now)
        : book_(book), of_keys_(of_keys), allowed_(std::move(allowed)), clock_(std::move(clock)) {}

    // Throws Error{rate_limited}, which waits for midnight, when the day of one of them is used up, and
    // Error{unavailable} when the book cannot be read. Reads nothing where there is no limit.
    Task<void> check(Asker asker);
    // Right before it is booked, so that what is read of the book never holds more than is known here.
    void spent(const Asker& asker, const Usage& usage);

    Task<SpentOfAll> today(Asker asker);
    Timestamp midnight() const;  // when the next day begins
    // As far as it is known without reading, for those whose day is limited.
    SpentOfAll last_known(const Asker& asker) const;

  private:
    using Known = std::map<std::string, SpentToday>;

    Task<SpentToday> of_user(Owner user);
    Task<SpentToday> of_key(std::string key);
    SpentToday of_address(const std::string& address);
    // With the mutex held: what is known is of this day.
    void begin_day(std::chrono::sys_days day);
    SpentToday learn(Known& known, const std::string& name, std::chrono::sys_days day, SpentToday read);

    UsageBook& book_;
    KeySpending& of_keys_;
    const AllowedOf allowed_;
    const WallClock clock_;

    mutable std::mutex mutex_;
    std::chrono::sys_days day_{};  // that the entries are of
    Known users_;
    Known keys_;
    Known addresses_;
};

}  // namespace assistd::core
