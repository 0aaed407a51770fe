#include "http/request_rates.h"

#include <algorithm>
#include <cmath>

namespace assistd::http {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds window{60};
constexpr std::size_t few_buckets = 1'024;
constexpr std::chrono::seconds apart{10};  // looks for full buckets
// Beyond, those of one kind that come new share one: a flood of addresses must not fill the memory.
constexpr std::size_t most_buckets = 200'000;

const char* name_of(int kind) {
    constexpr std::array names = {"user", "key", "address"};
    return names[static_cast<std::size_t>(kind)];
}

// How long a request's token takes to come back.
nanoseconds of_one(RequestRate rate) {
    return nanoseconds(window) / rate.per_minute;
}

std::int64_t tokens_in(nanoseconds until_full, RequestRate rate) {
    const double missing =
        static_cast<double>(until_full.count()) / static_cast<double>(of_one(rate).count());
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(rate.burst - missing + 1e-6)));
}

Allowance allowance(const char* whose, RequestRate rate, nanoseconds until_full) {
    Allowance left;
    left.whose = whose;
    left.limit = rate.per_minute;
    left.window = window;
    left.remaining = tokens_in(until_full, rate);
    left.reset = std::chrono::ceil<std::chrono::milliseconds>(until_full);
    return left;
}

Error refusal(const char* whose, RequestRate rate, nanoseconds wait) {
    const auto seconds = std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(wait));
    Error error(ErrorCode::rate_limited, "This " + std::string(whose) + " may make " +
                                             std::to_string(rate.per_minute) + " requests a minute, and " +
                                             std::to_string(rate.burst) + " at once; try again in " +
                                             std::to_string(seconds.count()) + " s.");
    error.with_retry_after(seconds);
    return error;
}

}  // namespace

RequestRates::RequestRates(std::shared_ptr<const LimitRules> rules, RolesOf roles, Clock clock)
    : roles_(std::move(roles)),
      clock_(std::move(clock)),
      rules_(std::move(rules)),
      look_again_at_(few_buckets) {}

RequestRates::Taken RequestRates::take_of_address(const std::string& name) {
    std::shared_ptr<const LimitRules> rules;
    {
        const std::lock_guard lock(mutex_);
        rules = rules_;
    }
    if (!rules->limits_requests()) return {};
    return take({{address, name, rules->of_address(name).requests}});
}

RequestRates::Taken RequestRates::take_of_user(const Identity& who) {
    std::shared_ptr<const LimitRules> rules;
    {
        const std::lock_guard lock(mutex_);
        rules = rules_;
    }
    if (!rules->limits_requests()) return {};
    std::vector<Wanted> wanted;
    wanted.push_back({user, who.user, rules->of_user(who.user, roles_(who.user)).requests});
    if (!who.rights.credential.empty())
        wanted.push_back({key, who.rights.credential, rules->of_key(who.rights.credential).requests});
    return take(std::move(wanted));
}

RequestRates::Taken RequestRates::take(std::vector<Wanted> wanted) {
    std::erase_if(wanted, [](const Wanted& one) { return one.rate.per_minute == 0; });
    Taken taken;
    if (wanted.empty()) return taken;
    const Instant now = clock_();
    const std::lock_guard lock(mutex_);
    // All of them first: a request that one of them refuses takes from none.
    for (const Wanted& one : wanted) {
        keep_within(one, now);
        const nanoseconds until_full = full_at(one, now) - now;
        const nanoseconds wait = until_full - (one.rate.burst - 1) * of_one(one.rate);
        if (wait > nanoseconds(0)) {
            ++refused_[one.kind];
            taken.refusal = refusal(name_of(one.kind), one.rate, wait);
            break;
        }
    }
    for (const Wanted& one : wanted) {
        if (!taken.refusal) {
            Instant& full = bucket(one, now);
            full = std::max(full, now) + of_one(one.rate);
        }
        taken.left.push_back(allowance(name_of(one.kind), one.rate, full_at(one, now) - now));
    }
    return taken;
}

std::vector<Allowance> RequestRates::left(const Identity& who, const std::string& from) {
    const std::vector<std::string> roles = roles_(who.user);
    const Instant now = clock_();
    const std::lock_guard lock(mutex_);
    std::vector<Wanted> wanted;
    wanted.push_back({user, who.user, rules_->of_user(who.user, roles).requests});
    if (!who.rights.credential.empty())
        wanted.push_back({key, who.rights.credential, rules_->of_key(who.rights.credential).requests});
    if (!from.empty()) wanted.push_back({address, from, rules_->of_address(from).requests});
    std::vector<Allowance> all;
    for (const Wanted& one : wanted)
        if (one.rate.per_minute > 0)
            all.push_back(allowance(name_of(one.kind), one.rate, full_at(one, now) - now));
    return all;
}

RequestRates::Instant RequestRates::full_at(const Wanted& wanted, Instant now) const {
    const Buckets& buckets = buckets_[wanted.kind];
    auto found = buckets.find(wanted.name);
    if (found == buckets.end() && buckets.size() >= most_buckets) found = buckets.find("");
    return found == buckets.end() ? now : std::max(found->second, now);
}

// With another limit than before, a bucket may be emptier than it can be now.
void RequestRates::keep_within(const Wanted& wanted, Instant now) {
    Buckets& buckets = buckets_[wanted.kind];
    const auto found = buckets.find(wanted.name);
    if (found != buckets.end())
        found->second = std::min(found->second, now + wanted.rate.burst * of_one(wanted.rate));
}

RequestRates::Instant& RequestRates::bucket(const Wanted& wanted, Instant now) {
    Buckets& buckets = buckets_[wanted.kind];
    if (buckets.size() >= look_again_at_ && now >= look_again_) forget_full(now);
    const bool is_known = buckets.contains(wanted.name);
    return buckets[is_known || buckets.size() < most_buckets ? wanted.name : std::string()];
}

// When twice as many are there as were left, or as many as may be, and not all the time.
void RequestRates::forget_full(Instant now) {
    std::size_t most = few_buckets;
    for (Buckets& buckets : buckets_) {
        std::erase_if(buckets, [now](const auto& one) { return one.second <= now; });
        most = std::max(most, 2 * buckets.size());
    }
    look_again_at_ = std::min(most, most_buckets);
    look_again_ = now + apart;
}

void RequestRates::change(std::shared_ptr<const LimitRules> rules) {
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
}

RequestRates::Refused RequestRates::refused() const {
    const std::lock_guard lock(mutex_);
    return {refused_[user], refused_[key], refused_[address]};
}

std::size_t RequestRates::buckets() const {
    const std::lock_guard lock(mutex_);
    std::size_t all = 0;
    for (const Buckets& buckets : buckets_) all += buckets.size();
    return all;
}

}  // namespace assistd::http
