#include "base/config_limits.h"

#include <algorithm>

#include "base/config_providers.h"
#include "base/ids.h"
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

bool is_key_id(std::string_view text) {
    constexpr std::string_view prefix = "key_";
    return text.starts_with(prefix) && Uuid::from_hex(text.substr(prefix.size()));
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

std::vector<std::string> roles_of(const ConfigValue& value) {
    std::vector<std::string> roles = names_of(value);
    if (std::ranges::count(roles, "*") > 0)
        refuse(value, "are whole names; who means everybody writes users: [\"*\"]");
    return roles;
}

std::vector<std::string> keys_of(const ConfigValue& value) {
    std::vector<std::string> keys = names_of(value);
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i] != "*" && !is_key_id(keys[i]))
            refuse(value.children[i],
                   "are ids of keys, as assistctl keys list has them (key_ and 32 digits), or "
                   "\"*\" for all; one is " +
                       in_quotes(keys[i]));
    return keys;
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
    limits.place = entry.origin.place;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "users")
            limits.people.users = names_of(member);
        else if (member.name == "roles")
            limits.people.roles = roles_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

KeyLimits key_limits_of(const ConfigValue& entry) {
    KeyLimits limits;
    limits.place = entry.origin.place;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "keys")
            limits.keys = keys_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

AddressLimits address_limits_of(const ConfigValue& entry) {
    AddressLimits limits;
    limits.place = entry.origin.place;
    read_members(entry, [&](const ConfigValue& member) {
        if (member.name == "addresses")
            limits.networks = networks_of(member);
        else if (!read_rate(limits.figures, member) && !read_turns(limits.figures, member))
            refuse_unknown(member);
    });
    check_figures(limits.figures, entry);
    return limits;
}

bool has_all(const std::vector<std::string>& names) {
    return names.empty() || std::ranges::count(names, "*") > 0;
}

bool fits_everybody(const UserLimits& entry) {
    const People& people = entry.people;
    return people.users.empty() ? people.roles.empty() : has_all(people.users);
}

bool fits_everybody(const KeyLimits& entry) {
    return has_all(entry.keys);
}

bool fits_everybody(const AddressLimits& entry) {
    return entry.networks.empty();
}

struct Decided {
    bool requests = false, at_once = false, waiting = false, tokens = false, cost = false;

    void add(const LimitFigures& figures) {
        requests |= figures.requests_per_minute.has_value();
        at_once |= figures.turns_at_once.has_value();
        waiting |= figures.turns_waiting.has_value();
        tokens |= figures.tokens_per_day.has_value();
        cost |= figures.cost_per_day.has_value();
    }
    bool has_all_of(const LimitFigures& figures) const {
        return (requests || !figures.requests_per_minute) && (at_once || !figures.turns_at_once) &&
               (waiting || !figures.turns_waiting) && (tokens || !figures.tokens_per_day) &&
               (cost || !figures.cost_per_day);
    }
};

// Of each figure the first entry that fits decides.
template <class Entry>
void warn_of_entries_that_never_decide(const std::vector<Entry>& entries, const std::string& key,
                                       std::vector<std::string>& warnings) {
    Decided decided;
    for (const Entry& entry : entries) {
        if (decided.has_all_of(entry.figures))
            warnings.push_back(entry.place + ": this entry of " + key +
                               " never decides: what it sets is set above it, where everybody is meant.");
        if (fits_everybody(entry)) decided.add(entry.figures);
    }
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

LimitsConfig read_limits(const ConfigValue& limits, std::vector<std::string>& warnings) {
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
    warn_of_entries_that_never_decide(config.users, "limits.users", warnings);
    warn_of_entries_that_never_decide(config.keys, "limits.keys", warnings);
    warn_of_entries_that_never_decide(config.addresses, "limits.addresses", warnings);
    return config;
}

void check_limits(const Config& config) {
    const Origin origin = origin_of(config, "limits.users");
    for (const UserLimits& limits : config.limits.users)
        for (const std::string& role : limits.people.roles)
            if (!is_own_role(role) && !config.policy.roles.contains(role))
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
