#include "core/spending.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace assistd::core {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

// Beyond, addresses that come new share one entry: a flood of them must not fill the memory.
constexpr std::size_t most_addresses = 200'000;

void check_one(const std::string& who, const Allowed& allowed, SpentToday spent, Timestamp midnight,
               Timestamp at) {
    std::string what;
    if (allowed.tokens_per_day > 0 && spent.tokens >= allowed.tokens_per_day)
        what = fmt::format("{} has used {} of the {} tokens that are allowed a day.", who, spent.tokens,
                           allowed.tokens_per_day);
    else if (allowed.cost_per_day > 0 && spent.cost >= allowed.cost_per_day)
        what = fmt::format("{} has spent ${:.2f} of the ${:.2f} that are allowed a day.", who, spent.cost,
                           allowed.cost_per_day);
    else
        return;
    Error error(ErrorCode::rate_limited,
                what + " It is free again at midnight UTC, " + to_iso8601(midnight) + ".");
    error.with_retry_after(
        std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(midnight - at)));
    throw error;
}

SpentToday spent_of(const Usage& usage) {
    return {usage.total_tokens(), usage.cost};
}

void add(SpentToday& sum, SpentToday more) {
    sum.tokens += more.tokens;
    sum.cost += more.cost;
}

}  // namespace

Timestamp Spending::midnight() const {
    return std::chrono::floor<days>(clock_()) + days(1);
}

void Spending::begin_day(sys_days day) {
    if (day == day_) return;
    day_ = day;
    users_.clear();
    keys_.clear();
    addresses_.clear();
}

// What was read may be older than what is known: nothing is unspent.
SpentToday Spending::learn(Known& known, const std::string& name, sys_days day, SpentToday read) {
    const std::lock_guard lock(mutex_);
    begin_day(std::chrono::floor<days>(clock_()));
    if (day != day_) return read;
    SpentToday& now_known = known[name];
    now_known.tokens = std::max(now_known.tokens, read.tokens);
    now_known.cost = std::max(now_known.cost, read.cost);
    return now_known;
}

Task<SpentToday> Spending::of_user(Owner user) {
    const auto day = std::chrono::floor<days>(clock_());
    const UsageQuery query{user, day, day + days(1), UsageGroup::day};
    const std::vector<UsageRow> rows = co_await book_.sums(query);
    SpentToday spent;
    for (const UsageRow& row : rows) add(spent, spent_of(row.usage));
    co_return learn(users_, user, day, spent);
}

Task<SpentToday> Spending::of_key(std::string key) {
    const auto day = std::chrono::floor<days>(clock_());
    const SpentToday spent = co_await of_keys_.of(key, day);
    co_return learn(keys_, key, day, spent);
}

SpentToday Spending::of_address(const std::string& address) {
    const std::lock_guard lock(mutex_);
    begin_day(std::chrono::floor<days>(clock_()));
    auto found = addresses_.find(address);
    if (found == addresses_.end() && addresses_.size() >= most_addresses) found = addresses_.find("");
    return found == addresses_.end() ? SpentToday() : found->second;
}

Task<SpentOfAll> Spending::today(Asker asker) {
    const AllowedOfAll allowed = allowed_(asker);
    SpentOfAll spent;
    spent.user = co_await of_user(asker.user);
    if (allowed.key.limits_days()) spent.key = co_await of_key(asker.by.key);
    if (allowed.address.limits_days()) spent.address = of_address(asker.by.address);
    co_return spent;
}

Task<void> Spending::check(Asker asker) {
    const AllowedOfAll allowed = allowed_(asker);
    if (allowed.user.limits_days()) {
        const SpentToday spent = co_await of_user(asker.user);
        check_one(asker.user, allowed.user, spent, midnight(), clock_());
    }
    if (allowed.key.limits_days()) {
        const SpentToday spent = co_await of_key(asker.by.key);
        check_one("This key", allowed.key, spent, midnight(), clock_());
    }
    if (allowed.address.limits_days())
        check_one("This address", allowed.address, of_address(asker.by.address), midnight(), clock_());
}

void Spending::spent(const Asker& asker, const Usage& usage) {
    const SpentToday more = spent_of(usage);
    if (more.tokens == 0 && more.cost == 0) return;
    const AllowedOfAll allowed = allowed_(asker);
    const auto day = std::chrono::floor<days>(clock_());
    {
        const std::lock_guard lock(mutex_);
        begin_day(day);
        // What is not known is read when it is asked for.
        if (const auto user = users_.find(asker.user); user != users_.end()) add(user->second, more);
        if (const auto key = keys_.find(asker.by.key); key != keys_.end()) add(key->second, more);
        if (allowed.address.limits_days()) {
            const bool fits = addresses_.size() < most_addresses || addresses_.contains(asker.by.address);
            add(addresses_[fits ? asker.by.address : std::string()], more);
        }
    }
    if (allowed.key.limits_days()) of_keys_.add(asker.by.key, asker.user, day, more);
}

SpentOfAll Spending::last_known(const Asker& asker) const {
    const AllowedOfAll allowed = allowed_(asker);
    const std::lock_guard lock(mutex_);
    if (day_ != std::chrono::floor<days>(clock_())) return {};
    const auto find = [](const Known& known, const std::string& name) {
        const auto found = known.find(name);
        return found == known.end() ? std::optional<SpentToday>() : found->second;
    };
    SpentOfAll spent;
    if (allowed.user.limits_days()) spent.user = find(users_, asker.user);
    if (allowed.key.limits_days()) spent.key = find(keys_, asker.by.key);
    if (allowed.address.limits_days()) spent.address = find(addresses_, asker.by.address);
    return spent;
}

}  // namespace assistd::core
