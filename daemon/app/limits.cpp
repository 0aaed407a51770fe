#include "app/limits.h"

#include <cmath>

namespace assistd::app {
namespace {

std::int64_t millionths(double dollars) {
    return std::llround(dollars * 1e6);
}

}  // namespace

Limits::Rules Limits::rules_of(const Config& config, tools::Callers callers) {
    return {std::make_shared<const LimitRules>(config.limits), std::move(callers)};
}

Limits::Limits(const Config& config, tools::Callers callers, core::UsageBook& book,
               core::KeySpending& of_keys)
    : rules_(rules_of(config, std::move(callers))),
      slots_(std::make_shared<core::TurnSlots>([this](const core::Asker& asker) { return allowed(asker); },
                                               config.limits.overload)),
      spending_(book, of_keys, [this](const core::Asker& asker) { return allowed(asker); }),
      rates_(std::make_shared<http::RequestRates>(
          rules_.limits, [this](const std::string& user) { return rules().callers(user).roles; })) {}

Limits::Rules Limits::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

AllowedOfAll Limits::allowed(const core::Asker& asker) const {
    const Rules now = rules();
    AllowedOfAll allowed;
    if (!asker.user.empty()) allowed.user = now.limits->of_user(asker.user, now.callers(asker.user).roles);
    if (!asker.by.key.empty()) allowed.key = now.limits->of_key(asker.by.key);
    if (!asker.by.address.empty()) allowed.address = now.limits->of_address(asker.by.address);
    return allowed;
}

std::vector<http::Allowance> Limits::left_today(const http::Identity& who, const std::string& address) const {
    if (!rules().limits->limits_days()) return {};
    const core::Asker asker{who.user, {who.rights.credential, address}};
    const AllowedOfAll most = allowed(asker);
    const core::SpentOfAll spent = spending_.last_known(asker);
    http::Allowance left;
    left.window = std::chrono::days(1);
    left.reset = std::chrono::ceil<std::chrono::milliseconds>(spending_.midnight() - now());
    std::vector<http::Allowance> all;
    const auto add = [&](const char* whose, const Allowed& allowed,
                         const std::optional<core::SpentToday>& known) {
        left.whose = whose;
        if (known && allowed.tokens_per_day > 0) {
            left.of = http::Allowance::Of::tokens;
            left.limit = allowed.tokens_per_day;
            left.remaining = std::max<std::int64_t>(0, left.limit - known->tokens);
            all.push_back(left);
        }
        if (known && allowed.cost_per_day > 0) {
            left.of = http::Allowance::Of::cost;
            left.limit = millionths(allowed.cost_per_day);
            left.remaining = std::max<std::int64_t>(0, left.limit - millionths(known->cost));
            all.push_back(left);
        }
    };
    add("user", most.user, spent.user);
    add("key", most.key, spent.key);
    add("address", most.address, spent.address);
    return all;
}

http::ServerOptions Limits::with(http::ServerOptions options) {
    options.rates = rates_;
    options.left_today = [this](const http::Identity& who, const std::string& address) {
        return left_today(who, address);
    };
    options.request_wait = rules().limits->overload().request_wait;
    return options;
}

Metrics::Demand Limits::demand(const http::FairQueue& queue) const {
    return {rates_->refused(), queue.figures(), slots_->counts()};
}

api::admin::LimitSources Limits::sources(std::function<bool(const std::string& user)> is_known) {
    return {[this](const core::Asker& asker) { return allowed(asker); }, std::move(is_known), *slots_,
            spending_, *rates_};
}

void Limits::change(Rules rules, http::FairQueue& queue) {
    {
        const std::lock_guard lock(mutex_);
        rules_ = rules;
    }
    const OverloadConfig& overload = rules.limits->overload();
    rates_->change(rules.limits);
    slots_->change(overload);
    queue.change_longest_wait(overload.request_wait);
}

}  // namespace assistd::app
