#pragma once
// The part of the configuration that is about limits. For config*.cpp alone; any thread.

#include "base/config_value.h"
#include "base/limits_config.h"

namespace assistd {

// Reads and checks the section `limits`, and warns of entries that never decide. Throws Error{validation}.
LimitsConfig read_limits(const ConfigValue& limits, std::vector<std::string>& warnings);

// Once all is read: whether the roles that limits name are there, and whether models have prices where what
// they cost is limited. Throws Error{validation}.
void check_limits(const Config& config);

// Keys that are also set by variables and options.
void set_turns_at_once(Config& config, const ConfigValue& value);
void set_turns_at_work(Config& config, const ConfigValue& value);
void set_turns_waiting(Config& config, const ConfigValue& value);
void set_turn_wait(Config& config, const ConfigValue& value);
void set_request_wait(Config& config, const ConfigValue& value);

}  // namespace assistd
