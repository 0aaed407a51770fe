#pragma once
// Who calls a tool: a user with the roles that he has at this moment. Values.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/policy_config.h"
#include "core/conversation.h"

namespace assistd::tools {

struct Caller {
    core::Owner user;
    std::vector<std::string> roles;
    std::string shut_out = {};  // why nothing of the user's may run now, as a sentence; empty: it may
};

// Finds a user's roles. Asked for each call, from any thread, also for calls that go on after a restart, when
// nobody is logged in.
using Callers = std::function<Caller(const core::Owner& user)>;

// The users' roles as the configuration gives them.
Callers configured_callers(const PolicyConfig& policy);

// Whether the caller is one of these.
bool concerns(const People& people, const Caller& caller);

}  // namespace assistd::tools
