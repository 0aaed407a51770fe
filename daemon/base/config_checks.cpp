#include "base/config_checks.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/config_auth.h"
#include "base/config_keys.h"
#include "base/config_limits.h"
#include "base/config_policy.h"
#include "base/config_providers.h"

namespace assistd {
namespace {

// A value that was accepted, for a check that needs more than the value.
ConfigValue accepted(const Config& config, const std::string& path, const std::string& text) {
    ConfigValue value;
    value.kind = ConfigValue::Kind::scalar;
    value.path = value.name = path;
    value.text = text;
    value.origin = origin_of(config, path);
    return value;
}

bool is_loopback(const std::string& address) {
    in_addr four{};
    return address == "localhost" || address == "::1" || address == "[::1]" ||
           (inet_pton(AF_INET, address.c_str(), &four) == 1 && ntohl(four.s_addr) >> 24 == 127);
}

// Without authentication, whoever reaches the port may do everything.
void check_access(const Config& config) {
    if (config.auth.mode != AuthMode::none) return;
    const std::string& address = config.listen_address;
    if (!is_loopback(address))
        refuse(
            accepted(config, "listen", address),
            "must be an address on loopback (127.0.0.0/8, ::1 or localhost), because auth.mode is none and "
            "everybody who reaches it may do everything (set auth.mode to keys or jwt first); it is " +
                in_quotes(address));
}

// Variables by these names belong to others: to assistctl, to providers as the name of a key, to tests.
bool is_others_variable(const Config& config, std::string_view name) {
    if (name == "ASSISTD_CONFIG" || name == "ASSISTD_SERVER" || name == "ASSISTD_API_KEY" ||
        name == config.auth.jwt.secret_env || name.starts_with("ASSISTD_TEST_"))
        return true;
    const auto is_key = [&](const auto& one) { return one.api_key_env == name; };
    return std::any_of(config.providers.begin(), config.providers.end(), is_key) ||
           std::any_of(config.mcp.servers.begin(), config.mcp.servers.end(), is_key);
}

void warn_of_unknown_variables(Config& config, const Environment& environment) {
    for (const auto& [name, value] : environment) {
        if (!name.starts_with("ASSISTD_") || is_others_variable(config, name)) continue;
        const bool known = std::ranges::any_of(
            config_keys(), [&](const ConfigKey& key) { return variable_of(key.path) == name; });
        if (!known)
            config.warnings.push_back("The environment variable " + name +
                                      " sets nothing: no key with a value of its own has that name.");
    }
}

// What is allowed and lets in more than most mean to.
void warn_of_open_doors(Config& config) {
    const auto warn = [&config](const std::string& key, const std::string& sentence) {
        config.warnings.push_back(origin_of(config, key).place + ": " + key + sentence);
    };
    if (config.auth.mode == AuthMode::none && std::ranges::count(config.cors_origins, "*") > 0)
        warn(
            "http.cors_origins",
            " is [\"*\"] and auth.mode is none: every web page that is open in a browser on this machine may "
            "read and change everything. Name the origins instead.");
    if (!is_loopback(config.listen_address) && config.trusted_proxies.empty())
        warn("listen",
             " is " + config.listen_address +
                 ", which others than this machine may reach, without TLS: keys, passwords and what is said "
                 "can be read on the way. Put a reverse proxy with TLS in front and name it in "
                 "http.trusted_proxies, with listen on loopback if it runs here.");
    for (const std::string& network : config.trusted_proxies)
        if (network.ends_with("/0"))
            warn("http.trusted_proxies", " has " + network +
                                             ": every client is believed when it says that it is another, in "
                                             "limits, in the log and as "
                                             "the Host. Name the proxies' addresses instead.");
}

}  // namespace

void check_whole(Config& config, const KeySources& keys) {
    config.model = resolve_model(config.providers, accepted(config, "model", config.model));
    check_embeddings(config);
    check_default_model(config);
    check_cost_limit(config);
    check_limits(config);
    check_auth(config, keys);
    check_access(config);
    warn_of_unknown_variables(config, keys.environment);
    warn_of_open_doors(config);
}

}  // namespace assistd
