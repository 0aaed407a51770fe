#include "app/limits.h"

namespace assistd::app {

Limits::Limits(const Config& config, tools::Callers callers, core::UsageBook& book)
    : callers_(std::move(callers)),
      rules_(std::make_shared<const LimitRules>(config.limits)),
      slots_(std::make_shared<core::TurnSlots>([this](const core::Owner& user) { return allowed(user); },
                                               config.limits.overload)),
      spending_(book, [this](const core::Owner& user) { return allowed(user); }),
      rates_(std::make_shared<http::RequestRates>(
          rules_, [this](const std::string& user) { return roles_of(user); })) {}

std::vector<std::string> Limits::roles_of(const std::string& user) const {
    return (*callers_.latest())(user).roles;
}

std::shared_ptr<const LimitRules> Limits::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

Allowed Limits::allowed(const std::string& user) const {
    const std::vector<std::string> roles = roles_of(user);
    return rules()->of_user(user, roles);
}

std::vector<http::Allowance> Limits::tokens_left(const std::string& user) const {
    const std::shared_ptr<const LimitRules> rules = this->rules();
    if (!rules->limits_days()) return {};
    const std::optional<core::SpentToday> spent = spending_.last_known(user);
    const std::int64_t most = rules->of_user(user, roles_of(user)).tokens_per_day;
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

http::ServerOptions Limits::put_into(http::ServerOptions options) {
    options.rates = rates_;
    options.tokens_left = [this](const std::string& user) { return tokens_left(user); };
    options.request_wait = rules()->overload().request_wait;
    return options;
}

Metrics::Demand Limits::demand(const http::FairQueue& queue) const {
    return {rates_->refused(), queue.figures(), slots_->counts()};
}

api::admin::LimitSources Limits::sources() {
    return {[this](const std::string& user) { return allowed(user); }, *slots_, spending_, *rates_};
}

void Limits::change(const LimitsConfig& limits, tools::Callers callers, http::FairQueue& queue) {
    callers_.replace(std::move(callers));
    auto rules = std::make_shared<const LimitRules>(limits);
    {
        const std::lock_guard lock(mutex_);
        rules_ = rules;
    }
    rates_->change(rules);
    slots_->change(limits.overload);
    queue.change_longest_wait(limits.overload.request_wait);
}

}  // namespace assistd::app
