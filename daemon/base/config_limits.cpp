#include "base/config_limits.h"

#include <algorithm>

#include "base/config_providers.h"
#include "base/network.h"

namespace assistd {
namespace {

constexpr int most_requests = 1'000'000;
constexpr int most_turns = 100'000;
constexpr std::int64_t most_tokens = 1'000'000'000'000;
constexpr double most_cost = 1'000'000;
constexpr double longest_wait_s = 600;

// Roles that nobody lists: they come with whom the daemon authenticates.
bool is_own_role(const std::string& role) {
    return role == "admin" || role == "user";
}

// A list that is there has something in it: an empty one could mean everything as well as nothing.
std::vector<std::string> names_of(const ConfigValue& value) {
    std::vector<std::string> names = texts_of(value);
    if (names.empty()) refuse(value, "must name something, or be left out");
    for (const std::string& name : names)
        if (name.empty() || (name != "*" && name.find('*') != std::string::npos))
            refuse(value, "are whole names, or \"*\" for all; one is " + in_quotes(name));
    return names;
}

std::vector<std::string> networks_of(const ConfigValue& value) {
    std::vector<std::string> networks = texts_of(value);
    if (networks.empty()) refuse(value, "must name something, or be left out");
    for (const std::string& network : networks)
        if (!Network::read(network))
            refuse(value, "must be addresses or networks such as 10.0.0.0/8; one is " + in_quotes(network));
    return networks;
}

bool read_rate(LimitFigures& figures, const ConfigValue& member) {
    if (member.name == "requests_per_minute")
        figures.requests_per_minute = number_of(member, 0, most_requests);
    else if (member.name == "burst")
        figures.burst = number_of(member, 1, most_requests);
    else
        return false;
    return true;
}

bool read_turns(LimitFigures& figures, const ConfigValue& member) {
    if (member.name == "turns_at_once")
        figures.turns_at_once = number_of(member, 0, most_turns);
    else if (member.name == "turns_waiting")
        figures.turns_waiting = number_of(member, 0, most_turns);
    else if (member.name == "tokens_per_day")
        figures.tokens_per_day = number_of<std::int64_t>(member, 0, most_tokens);
    else if (member.name == "cost_per_day")
        figures.cost_per_day = number_of(member, 0.0, most_cost);
    else
        return false;
    return true;
}

void check_figures(const LimitFigures& figures, const ConfigValue& entry) {
    const bool none = !figures.requests_per_minute && !figures.turns_at_once && !figures.turns_waiting &&
                      !figures.tokens_per_day && !figures.cost_per_day;
    if (none)
        refuse(entry,
               "need at least one of requests_per_minute, turns_at_once, turns_waiting, tokens_per_day and "
               "cost_per_day each");
    if (figures.burst && figures.requests_per_minute.value_or(0) == 0)
        refuse(entry, "have a burst only beside requests_per_minute, which fills it again");
}

UserLimits user_limits_of(const ConfigValue& entry) {
    UserLimits limits;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "users")
            limits.people.users = names_of(member);
        else if (member.name == "roles")
            limits.people.roles = names_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

KeyLimits key_limits_of(const ConfigValue& entry) {
    KeyLimits limits;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "keys")
            limits.keys = names_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

AddressLimits address_limits_of(const ConfigValue& entry) {
    AddressLimits limits;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "addresses")
            limits.networks = networks_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

void set(OverloadConfig& overload, const ConfigValue& member) {
    if (member.name == "turns_at_once")
        overload.turns_at_once = number_of(member, 1, most_turns);
    else if (member.name == "turns_at_work")
        overload.turns_at_work = number_of(member, 1, most_turns);
    else if (member.name == "turns_waiting")
        overload.turns_waiting = number_of(member, 0, most_turns);
    else if (member.name == "turn_wait_s")
        overload.turn_wait = seconds_of(member, 0, longest_wait_s);
    else if (member.name == "request_wait_s")
        overload.request_wait = seconds_of(member, 0.01, longest_wait_s);
    else
        refuse_unknown(member);
}

// As the last part of a key that a variable or an option names.
void set_named(Config& config, const ConfigValue& value, const char* name) {
    ConfigValue member = value;
    member.name = name;
    set(config.limits.overload, member);
}

const std::vector<ConfigValue>& list_of(const ConfigValue& value) {
    if (value.kind != ConfigValue::Kind::list) refuse(value, "must be a list, with a - before each of them");
    return value.children;
}

}  // namespace

LimitsConfig read_limits(const ConfigValue& limits) {
    LimitsConfig config;
    Mistakes mistakes;
    const auto each = [&](const std::vector<ConfigValue>& entries, auto read) {
        for (const ConfigValue& entry : entries) mistakes.attempt([&] { read(entry); });
    };
    const auto read = [&](const ConfigValue& member) {
        if (member.name == "users")
            each(list_of(member),
                 [&](const ConfigValue& one) { config.users.push_back(user_limits_of(one)); });
        else if (member.name == "keys")
            each(list_of(member), [&](const ConfigValue& one) { config.keys.push_back(key_limits_of(one)); });
        else if (member.name == "addresses")
            each(list_of(member),
                 [&](const ConfigValue& one) { config.addresses.push_back(address_limits_of(one)); });
        else if (member.name == "overload")
            each(members_of(member), [&](const ConfigValue& one) { set(config.overload, one); });
        else
            refuse_unknown(member);
    };
    each(members_of(limits), read);
    mistakes.tell();
    return config;
}

void check_limits(const Config& config) {
    const Origin origin = origin_of(config, "limits.users");
    for (const UserLimits& limits : config.limits.users)
        for (const std::string& role : limits.people.roles)
            if (role != "*" && !is_own_role(role) && !config.policy.roles.contains(role))
                refuse(origin, "limits.users names the role " + in_quotes(role) +
                                   ", which policy.roles does not have");
}

void set_turns_at_once(Config& config, const ConfigValue& value) {
    set_named(config, value, "turns_at_once");
}

void set_turns_at_work(Config& config, const ConfigValue& value) {
    set_named(config, value, "turns_at_work");
}

void set_turns_waiting(Config& config, const ConfigValue& value) {
    set_named(config, value, "turns_waiting");
}

void set_turn_wait(Config& config, const ConfigValue& value) {
    set_named(config, value, "turn_wait_s");
}

void set_request_wait(Config& config, const ConfigValue& value) {
    set_named(config, value, "request_wait_s");
}

}  // namespace assistd
