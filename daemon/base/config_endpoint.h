#pragma once
// Where a server is that the configuration names, and where its key is. For config*.cpp alone; any thread.
// All throw Error{validation} for what they do not allow.

#include <map>
#include <string>

#include "base/config_value.h"

namespace assistd {

using Environment = std::map<std::string, std::string>;

// http://HOST[:PORT][/PATH], and nothing that a path cannot be added to.
const std::string& base_url_of(const ConfigValue& value);
// Names of HTTP headers with their values.
std::map<std::string, std::string> headers_of(const ConfigValue& value);
bool is_variable_name(const std::string& text);
// At most one of api_key_env, api_key_file and api_key_credential, or what else they are called, and the key
// is there.
void check_keys(const ConfigValue& server, const Environment& environment,
                const std::string& called = "api_key");

}  // namespace assistd
