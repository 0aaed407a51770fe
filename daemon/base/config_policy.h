#pragma once
// The part of the configuration that says who may call what. For config.cpp alone; any thread.

#include <functional>
#include <string>
#include <vector>

#include "base/config_value.h"
#include "base/policy_config.h"

namespace assistd {

// Reads and checks the section `policy`. Sentences about rules that can never decide are added to `warnings`.
// Throws Error{validation}.
PolicyConfig read_policy(const ConfigValue& policy, std::vector<std::string>& warnings);

// A sentence for each tool that a rule or limit names and no source offers.
std::vector<std::string> unknown_tools(const PolicyConfig& policy,
                                       const std::function<bool(const std::string& tool)>& exists);
// So too for each plugin.
std::vector<std::string> unknown_plugins(const PolicyConfig& policy,
                                         const std::function<bool(const std::string& id)>& exists);

}  // namespace assistd
