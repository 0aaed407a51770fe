#include "base/config_policy.h"

#include <algorithm>
#include <array>
#include <set>

namespace assistd {
namespace {

constexpr std::size_t longest_name = 64;  // of a tool

struct Prefix {
    std::string_view text;
    ToolPattern::Kind kind;
};
constexpr Prefix prefixes[] = {{"category:", ToolPattern::Kind::category},
                               {"plugin:", ToolPattern::Kind::plugin},
                               {"effect:", ToolPattern::Kind::effect}};

// The file without its folders: those are nobody's business who is refused.
std::string place_of(const Origin& origin) {
    return origin.place.substr(origin.place.rfind('/') + 1);
}

bool is_name(std::string_view text) {
    const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '*'; };
    return text.size() <= longest_name && std::all_of(text.begin(), text.end(), fits);
}

ToolPattern pattern_of(const ConfigValue& value) {
    for (const Prefix& prefix : prefixes) {
        if (!value.text.starts_with(prefix.text)) continue;
        ToolPattern pattern{prefix.kind, value.text.substr(prefix.text.size())};
        if (pattern.text.empty()) refuse(value, "has nothing behind " + in_quotes(prefix.text));
        constexpr std::array effects = {"reads", "writes", "network", "destructive"};
        if (pattern.kind == ToolPattern::Kind::effect &&
            std::find(effects.begin(), effects.end(), pattern.text) == effects.end())
            refuse(value, "names effects, which are reads, writes, network and destructive; one is " +
                              in_quotes(pattern.text));
        return pattern;
    }
    if (value.text.empty() || !is_name(value.text))
        refuse(
            value,
            "names tools (a * stands for anything), \"effect:…\", \"category:…\" and \"plugin:…\"; one is " +
                in_quotes(value.text));
    return {ToolPattern::Kind::name, value.text};
}

// A list that is there has something in it: an empty one could mean everything as well as nothing.
const std::vector<ConfigValue>& items_of(const ConfigValue& value) {
    if (texts_of(value).empty()) refuse(value, "must name something, or be left out");
    return value.children;
}

std::vector<ToolPattern> tools_of(const ConfigValue& value) {
    std::vector<ToolPattern> tools;
    for (const ConfigValue& item : items_of(value)) tools.push_back(pattern_of(item));
    return tools;
}

std::vector<std::string> users_of(const ConfigValue& value) {
    std::vector<std::string> users;
    for (const ConfigValue& item : items_of(value)) {
        if (item.text.empty() || (item.text != "*" && item.text.find('*') != std::string::npos))
            refuse(item, "are whole names, or \"*\" for everybody; one is " + in_quotes(item.text));
        users.push_back(item.text);
    }
    return users;
}

// Each user has one of these, whatever the policy says.
bool is_everybodys_role(const std::string& role) {
    return role == "admin" || role == "user";
}

std::vector<std::string> roles_of(const ConfigValue& value, const PolicyConfig& policy) {
    std::vector<std::string> roles;
    for (const ConfigValue& item : items_of(value)) {
        if (!policy.roles.contains(item.text) && !is_everybodys_role(item.text))
            refuse(item, "names the role " + in_quotes(item.text) + ", which policy.roles does not have");
        roles.push_back(item.text);
    }
    return roles;
}

// Whether the member says whose calls it is about; then it is read.
bool read_people(People& people, const ConfigValue& member, const PolicyConfig& policy) {
    if (member.name == "users")
        people.users = users_of(member);
    else if (member.name == "roles")
        people.roles = roles_of(member, policy);
    else
        return false;
    return true;
}

PolicyRule rule_of(const ConfigValue& value, const PolicyConfig& policy) {
    PolicyRule rule;
    rule.place = place_of(value.origin);
    rule.whole_place = value.origin.place;
    const auto says = [&](Verdict verdict, const ConfigValue& tools) {
        if (!rule.tools.empty()) refuse(tools, "makes it two rules in one: write one for each");
        rule.verdict = verdict;
        rule.tools = tools_of(tools);
    };
    read_members(value, [&](const ConfigValue& member) {
        if (member.name == "allow")
            says(Verdict::allow, member);
        else if (member.name == "ask")
            says(Verdict::ask, member);
        else if (member.name == "deny")
            says(Verdict::deny, member);
        else if (!read_people(rule.people, member, policy))
            refuse_unknown(member);
    });
    if (rule.tools.empty()) refuse(value, "need one of allow, ask and deny each, with the tools");
    return rule;
}

CallLimit limit_of(const ConfigValue& value, const PolicyConfig& policy) {
    CallLimit limit;
    limit.place = place_of(value.origin);
    limit.whole_place = value.origin.place;
    read_members(value, [&](const ConfigValue& member) {
        if (member.name == "tools")
            limit.tools = tools_of(member);
        else if (member.name == "per_minute")
            limit.per_minute = number_of(member, 1, 10'000);
        else if (member.name == "per_day")
            limit.per_day = number_of<std::int64_t>(member, 1, 1'000'000'000);
        else if (member.name == "at_once")
            limit.at_once = number_of(member, 1, 10'000);
        else if (!read_people(limit.people, member, policy))
            refuse_unknown(member);
    });
    if (limit.per_minute == 0 && limit.per_day == 0 && limit.at_once == 0)
        refuse(value, "need at least one of per_minute, per_day and at_once each");
    return limit;
}

const std::vector<ConfigValue>& list_of(const ConfigValue& value) {
    if (value.kind != ConfigValue::Kind::list) refuse(value, "must be a list, with a - before each of them");
    return value.children;
}

bool is_about_everything(const PolicyRule& rule) {
    const bool everybody = (rule.people.users.empty() && rule.people.roles.empty()) ||
                           std::count(rule.people.users.begin(), rule.people.users.end(), "*") > 0;
    return everybody && std::any_of(rule.tools.begin(), rule.tools.end(), [](const ToolPattern& tools) {
               return tools.kind == ToolPattern::Kind::name && tools.text == "*";
           });
}

void warn_of_rules_that_never_decide(const PolicyConfig& policy, std::vector<std::string>& warnings) {
    for (std::size_t i = 0; i + 1 < policy.rules.size(); ++i) {
        if (!is_about_everything(policy.rules[i])) continue;
        warnings.push_back(policy.rules[i].whole_place +
                           ": this rule of policy.rules fits every call; those below it never decide.");
        return;
    }
}

}  // namespace

PolicyConfig read_policy(const ConfigValue& policy, std::vector<std::string>& warnings) {
    PolicyConfig config;
    Mistakes mistakes;
    // First: the others name them.
    if (const ConfigValue* roles = policy.child("roles"))
        for (const ConfigValue& role : members_of(*roles)) config.roles[role.name] = users_of(role);
    for (const ConfigValue& member : members_of(policy)) {
        if (member.name == "rules")
            for (const ConfigValue& rule : list_of(member))
                mistakes.attempt([&] { config.rules.push_back(rule_of(rule, config)); });
        else if (member.name == "limits")
            for (const ConfigValue& limit : list_of(member))
                mistakes.attempt([&] { config.limits.push_back(limit_of(limit, config)); });
        else if (member.name != "roles")
            refuse_unknown(member);
    }
    mistakes.tell();
    warn_of_rules_that_never_decide(config, warnings);
    return config;
}

std::string text_of(const ToolPattern& pattern) {
    for (const Prefix& prefix : prefixes)
        if (prefix.kind == pattern.kind) return std::string(prefix.text) + pattern.text;
    return pattern.text;
}

}  // namespace assistd
