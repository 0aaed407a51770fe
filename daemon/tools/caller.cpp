#include "tools/caller.h"

#include <algorithm>

namespace assistd::tools {
namespace {

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

Callers configured_callers(const PolicyConfig& policy) {
    return [roles = policy.roles](const core::Owner& user) {
        Caller caller{user, {}};
        for (const auto& [role, users] : roles)
            if (contains(users, user) || contains(users, "*")) caller.roles.push_back(role);
        return caller;
    };
}

bool concerns(const People& people, const Caller& caller) {
    if (people.users.empty() && people.roles.empty()) return true;
    if (contains(people.users, caller.user) || contains(people.users, "*")) return true;
    return std::any_of(caller.roles.begin(), caller.roles.end(),
                       [&](const std::string& role) { return contains(people.roles, role); });
}

}  // namespace assistd::tools
