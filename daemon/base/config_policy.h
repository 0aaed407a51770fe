#pragma once
// The part of the configuration that says who may call what. For config.cpp alone; any thread.

#include <string>
#include <vector>

#include "base/config_value.h"
#include "base/policy_config.h"

namespace assistd {

// Reads and checks the section `policy`. Sentences about rules that can never decide are added to `warnings`.
// Throws Error{validation}.
PolicyConfig read_policy(const ConfigValue& policy, std::vector<std::string>& warnings);

}  // namespace assistd
