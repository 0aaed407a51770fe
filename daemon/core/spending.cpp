#include "core/spending.h"

#include <fmt/format.h>

#include "base/error.h"

namespace assistd::core {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

Error used_up(const std::string& what, Timestamp midnight, Timestamp at) {
    Error error(ErrorCode::rate_limited,
                what + " It is free again at midnight UTC, " + to_iso8601(midnight) + ".");
    error.with_retry_after(
        std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(midnight - at)));
    return error;
}

}  // namespace

Timestamp Spending::midnight() const {
    return std::chrono::floor<days>(clock_()) + days(1);
}

Task<SpentToday> Spending::today(Owner user) {
    const auto day = std::chrono::floor<days>(clock_());
    const UsageQuery query{user, day, day + days(1), UsageGroup::day};
    const std::vector<UsageRow> rows = co_await book_.sums(query);
    SpentToday spent;
    for (const UsageRow& row : rows) {
        spent.tokens += row.usage.total_tokens();
        spent.cost += row.usage.cost;
    }
    const std::lock_guard lock(mutex_);
    if (day != day_) read_.clear();
    day_ = day;
    read_[user] = spent;
    co_return spent;
}

Task<void> Spending::check(Owner user) {
    const Allowed allowed = allowed_(user);
    if (allowed.tokens_per_day == 0 && allowed.cost_per_day == 0) co_return;
    const SpentToday spent = co_await today(user);
    const Timestamp at = clock_();
    if (allowed.tokens_per_day > 0 && spent.tokens >= allowed.tokens_per_day)
        throw used_up(fmt::format("{} has used {} of the {} tokens that are allowed a day.", user,
                                  spent.tokens, allowed.tokens_per_day),
                      midnight(), at);
    if (allowed.cost_per_day > 0 && spent.cost >= allowed.cost_per_day)
        throw used_up(fmt::format("{} has spent ${:.2f} of the ${:.2f} that are allowed a day.", user,
                                  spent.cost, allowed.cost_per_day),
                      midnight(), at);
}

std::optional<SpentToday> Spending::last_known(const Owner& user) const {
    const std::lock_guard lock(mutex_);
    if (day_ != std::chrono::floor<days>(clock_())) return std::nullopt;
    const auto found = read_.find(user);
    if (found == read_.end()) return std::nullopt;
    return found->second;
}

}  // namespace assistd::core
