#include "base/limit_rules.h"

#include <algorithm>

#include "base/error.h"

namespace assistd {
namespace {

namespace ip = boost::asio::ip;

constexpr int prefix_of_one_client = 64;

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool fits(const People& people, const std::string& user, const std::vector<std::string>& roles) {
    if (people.users.empty() && people.roles.empty()) return true;
    if (contains(people.users, user) || contains(people.users, "*")) return true;
    return std::any_of(roles.begin(), roles.end(),
                       [&](const std::string& role) { return contains(people.roles, role); });
}

template <class T>
void take(std::optional<T>& figure, const std::optional<T>& of_entry) {
    if (!figure) figure = of_entry;
}

void take(LimitFigures& figures, const LimitFigures& of_entry) {
    // A burst belongs to the rate that it stands beside.
    if (!figures.requests_per_minute) {
        figures.requests_per_minute = of_entry.requests_per_minute;
        if (of_entry.requests_per_minute) figures.burst = of_entry.burst;
    }
    take(figures.turns_at_once, of_entry.turns_at_once);
    take(figures.turns_waiting, of_entry.turns_waiting);
    take(figures.tokens_per_day, of_entry.tokens_per_day);
    take(figures.cost_per_day, of_entry.cost_per_day);
}

RequestRate rate_of(const LimitFigures& figures) {
    const int per_minute = figures.requests_per_minute.value_or(0);
    return {per_minute, per_minute == 0 ? 0 : figures.burst.value_or(per_minute)};
}

}  // namespace

LimitRules::LimitRules(LimitsConfig config) : config_(std::move(config)) {
    for (const UserLimits& entry : config_.users) look_at(entry.figures);
    for (const KeyLimits& entry : config_.keys) look_at(entry.figures);
    for (const AddressLimits& entry : config_.addresses) {
        look_at(entry.figures);
        std::vector<Network>& networks = networks_.emplace_back();
        for (const std::string& text : entry.networks) {
            const auto network = Network::read(text);
            if (!network)
                throw Error(ErrorCode::validation,
                            "\"" + text + "\" is no address and no network such as 10.0.0.0/8.");
            networks.push_back(*network);
        }
    }
}

void LimitRules::look_at(const LimitFigures& figures) {
    limits_requests_ = limits_requests_ || figures.requests_per_minute.value_or(0) > 0;
    limits_days_ =
        limits_days_ || figures.tokens_per_day.value_or(0) > 0 || figures.cost_per_day.value_or(0) > 0;
}

Allowed LimitRules::allowed_by(const LimitFigures& figures) const {
    Allowed allowed;
    allowed.requests = rate_of(figures);
    allowed.turns_at_once = figures.turns_at_once.value_or(0);
    allowed.turns_waiting = figures.turns_waiting.value_or(config_.overload.turns_waiting);
    allowed.tokens_per_day = figures.tokens_per_day.value_or(0);
    allowed.cost_per_day = figures.cost_per_day.value_or(0);
    return allowed;
}

Allowed LimitRules::of_user(const std::string& user, const std::vector<std::string>& roles) const {
    LimitFigures figures;
    for (const UserLimits& entry : config_.users)
        if (fits(entry.people, user, roles)) take(figures, entry.figures);
    return allowed_by(figures);
}

Allowed LimitRules::of_key(const std::string& key) const {
    LimitFigures figures;
    for (const KeyLimits& entry : config_.keys)
        if (entry.keys.empty() || contains(entry.keys, key) || contains(entry.keys, "*"))
            take(figures, entry.figures);
    return allowed_by(figures);
}

Allowed LimitRules::of_address(const std::string& address) const {
    LimitFigures figures;
    // A client of IPv6 is a network here; its first address stands for it.
    const auto parsed = read_address(address.substr(0, address.find('/')));
    for (std::size_t i = 0; i < config_.addresses.size(); ++i) {
        const std::vector<Network>& networks = networks_[i];
        const bool everybody = networks.empty();
        const bool named =
            parsed && std::any_of(networks.begin(), networks.end(),
                                  [&](const Network& network) { return network.contains(*parsed); });
        if (everybody || named) take(figures, config_.addresses[i].figures);
    }
    return allowed_by(figures);
}

std::string limited_address(const std::string& address) {
    if (address.find(':') == std::string::npos) return address;
    const auto parsed = read_address(address);
    if (!parsed) return address;
    if (parsed->is_v4()) return parsed->to_string();
    ip::address_v6 v6 = parsed->to_v6();
    v6.scope_id(0);
    return ip::network_v6(v6, prefix_of_one_client).canonical().to_string();
}

}  // namespace assistd
