#pragma once
// The part of the configuration that is about who may use the daemon. For config*.cpp alone; any thread. All
// throw Error{validation} for what they do not allow.

#include "base/auth_config.h"
#include "base/config_endpoint.h"
#include "base/config_value.h"

namespace assistd {

AuthMode auth_mode_of(const ConfigValue& value);
std::vector<JwtAlgorithm> jwt_algorithms_of(const ConfigValue& value);
const std::string& said_of(const ConfigValue& value);  // a text that is not empty
const std::string& readable_file_of(const ConfigValue& value);
// Of a set of keys: https, unless it is an address of this machine.
const std::string& key_address_of(const ConfigValue& value);

// Of all sources together: the mode must have what it needs, also the key of tokens.
void check_auth(const Config& config, const KeySources& keys);

}  // namespace assistd
