#pragma once
// Where a server is that the configuration names, and where its key is. For config*.cpp alone; any thread.
// All throw Error{validation} for what they do not allow.

#include <map>
#include <string>
#include <string_view>

#include "base/config_value.h"
#include "base/secret.h"

namespace assistd {

// http://HOST[:PORT][/PATH], and nothing that a path cannot be added to. `instead` says where a name or
// password belongs.
const std::string& base_url_of(
    const ConfigValue& value,
    std::string_view instead = "the key's place is named by api_key_env, api_key_file or api_key_credential");
// Names of HTTP headers with their values.
std::map<std::string, std::string> headers_of(const ConfigValue& value);
bool is_variable_name(const std::string& text);
// Where keys are looked for.
struct KeySources {
    const Environment& environment;
    // Takes a sentence for each key that only the service's process can have; null: such a one is refused.
    std::vector<std::string>* of_service = nullptr;
};
enum class SecretForm { line, text };  // as find_key() and find_secret() take them
// At most one of api_key_env, api_key_file and api_key_credential, or what else they are called, and the
// secret is there.
void check_keys(const ConfigValue& section, const KeySources& keys, const std::string& called = "api_key",
                SecretForm form = SecretForm::line);

}  // namespace assistd
