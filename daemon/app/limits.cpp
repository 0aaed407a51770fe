#include "app/limits.h"

namespace assistd::app {

Limits::Rules Limits::rules_of(const Config& config, tools::Callers callers) {
    return {std::make_shared<const LimitRules>(config.limits), std::move(callers)};
}

Limits::Limits(const Config& config, tools::Callers callers, core::UsageBook& book)
    : rules_(rules_of(config, std::move(callers))),
      slots_(std::make_shared<core::TurnSlots>([this](const core::Owner& user) { return allowed(user); },
                                               config.limits.overload)),
      spending_(book, [this](const core::Owner& user) { return allowed(user); }),
      rates_(std::make_shared<http::RequestRates>(
          rules_.limits, [this](const std::string& user) { return rules().callers(user).roles; })) {}

Limits::Rules Limits::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

Allowed Limits::allowed(const std::string& user) const {
    const Rules now = rules();
    return now.limits->of_user(user, now.callers(user).roles);
}

std::vector<http::Allowance> Limits::tokens_left(const std::string& user) const {
    const Rules counting = rules();
    if (!counting.limits->limits_days()) return {};
    const std::optional<core::SpentToday> spent = spending_.last_known(user);
    const std::int64_t most = allowed(user).tokens_per_day;
    if (!spent || most == 0) return {};
    http::Allowance tokens;
    tokens.of = http::Allowance::Of::tokens;
    tokens.whose = "user";
    tokens.limit = most;
    tokens.remaining = std::max<std::int64_t>(0, most - spent->tokens);
    tokens.window = std::chrono::days(1);
    tokens.reset = std::chrono::ceil<std::chrono::milliseconds>(spending_.midnight() - now());
    return {tokens};
}

http::ServerOptions Limits::with(http::ServerOptions options) {
    options.rates = rates_;
    options.tokens_left = [this](const std::string& user) { return tokens_left(user); };
    options.request_wait = rules().limits->overload().request_wait;
    return options;
}

Metrics::Demand Limits::demand(const http::FairQueue& queue) const {
    return {rates_->refused(), queue.figures(), slots_->counts()};
}

api::admin::LimitSources Limits::sources(std::function<bool(const std::string& user)> is_known) {
    return {[this](const std::string& user) { return allowed(user); }, std::move(is_known), *slots_,
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
