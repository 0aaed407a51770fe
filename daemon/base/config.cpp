#include "base/config.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <set>

#include "base/config_mcp.h"
#include "base/config_policy.h"
#include "base/config_providers.h"
#include "base/config_value.h"

namespace assistd {
namespace {

void set_listen(Config& config, const ConfigValue& value) {
    const std::string& text = text_of(value);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        refuse(value, "must be an address and a port such as 127.0.0.1:8080; it is " + in_quotes(text));
    ConfigValue port = value;
    port.path += "'s port";
    port.text = text.substr(colon + 1);
    config.listen_address = text.substr(0, colon);
    config.listen_port = number_of<std::uint16_t>(port, 0, 65535);
}

void set_state(Config& config, const ConfigValue& value) {
    config.state = text_of(value);
    if (config.state.empty()) refuse(value, "must name a folder; it is empty");
}

void set_prompts(Config& config, const ConfigValue& value) {
    config.prompts = text_of(value);
    if (!std::filesystem::is_directory(config.prompts))
        refuse(value, "must name a folder with prompts; " + in_quotes(value.text) + " is none");
}

void set_folders(Config& config, const ConfigValue& value) {
    const std::vector<std::string> folders = texts_of(value);
    config.plugin_folders.assign(folders.begin(), folders.end());
}

void set_readable(Config& config, const ConfigValue& value) {
    const std::vector<std::string> paths = texts_of(value);
    for (std::size_t i = 0; i < paths.size(); ++i)
        if (!paths[i].starts_with('/'))
            refuse(value.children[i], "must be whole paths, from / on; one is " + in_quotes(paths[i]));
    config.plugins_readable.assign(paths.begin(), paths.end());
}

void set_proxies(Config& config, const ConfigValue& value) {
    namespace ip = boost::asio::ip;
    config.trusted_proxies = texts_of(value);
    for (std::size_t i = 0; i < config.trusted_proxies.size(); ++i) {
        const std::string& text = config.trusted_proxies[i];
        const bool v6 = text.find(':') != std::string::npos;
        const std::string network = text.find('/') != std::string::npos ? text : text + (v6 ? "/128" : "/32");
        boost::system::error_code problem;
        if (v6)
            ip::make_network_v6(network, problem);
        else
            ip::make_network_v4(network, problem);
        if (problem)
            refuse(value.children[i],
                   "must be addresses or networks such as 10.0.0.0/8; one is " + in_quotes(text));
    }
}

struct Key {
    std::string_view path;
    void (*set)(Config&, const ConfigValue&);
    char separator = 0;  // of a list, in a variable or option
};

// Every key but the maps of providers and tools, the policy and MCP servers, in the order of
// config/assistd.yaml.
constexpr Key keys[] = {
    {"listen", set_listen},
    {"state", set_state},
    {"plugins.folders", set_folders, ':'},
    {"plugins.network", [](Config& c, const ConfigValue& v) { c.plugins_with_network = texts_of(v); }, ','},
    {"plugins.in_process", [](Config& c, const ConfigValue& v) { c.plugins_in_process = texts_of(v); }, ','},
    {"plugins.readable", set_readable, ':'},
    {"plugins.changes",
     [](Config& c, const ConfigValue& v) {
         c.plugin_changes_wait = word_of(v, {"show", "approve"}) == "approve";
     }},
    {"plugins.warm", [](Config& c, const ConfigValue& v) { c.plugins_warm = number_of(v, 0, 64); }},
    {"plugins.max_artifact_mib",
     [](Config& c, const ConfigValue& v) { c.max_artifact_mib = number_of(v, 1, 1'048'576); }},
    {"plugins.max_scratch_mib",
     [](Config& c, const ConfigValue& v) { c.max_scratch_mib = number_of(v, 1, 1'048'576); }},
    {"model", [](Config& c, const ConfigValue& v) { c.model = text_of(v); }},
    {"store.synchronous",
     [](Config& c, const ConfigValue& v) {
         c.store_synchronous_full = word_of(v, {"full", "normal"}) == "full";
     }},
    {"store.most_together",
     [](Config& c, const ConfigValue& v) { c.store_most_together = number_of(v, 0, 1'000'000); }},
    {"store.reserve_mib",
     [](Config& c, const ConfigValue& v) { c.store_reserve_mib = number_of(v, 0, 1'048'576); }},
    {"turns.max_rounds", [](Config& c, const ConfigValue& v) { c.max_rounds = number_of(v, 1, 1'000); }},
    {"turns.max_tool_calls",
     [](Config& c, const ConfigValue& v) { c.max_tool_calls = number_of(v, 0, 100'000); }},
    {"turns.max_tokens",
     [](Config& c, const ConfigValue& v) {
         c.max_tokens = number_of<std::int64_t>(v, 0, 1'000'000'000'000);
     }},
    {"turns.max_cost", [](Config& c, const ConfigValue& v) { c.max_cost = number_of(v, 0.0, 1'000'000.0); }},
    {"turns.timeout_s",
     [](Config& c, const ConfigValue& v) {
         c.turn_timeout = std::chrono::seconds(number_of(v, 1, 604'800));
     }},
    {"turns.approval_timeout_s",
     [](Config& c, const ConfigValue& v) {
         c.approval_timeout = std::chrono::seconds(number_of(v, 1, 604'800));
     }},
    {"context.policy",
     [](Config& c, const ConfigValue& v) {
         c.context_policy = word_of(v, {"whole_exchanges", "last_messages", "summary"});
     }},
    {"context.last_messages",
     [](Config& c, const ConfigValue& v) { c.last_messages = number_of(v, 1, 10'000); }},
    {"context.max_result_kib",
     [](Config& c, const ConfigValue& v) { c.max_result_kib = number_of(v, 4, 1'048'576); }},
    {"prompts", set_prompts},
    {"knowledge.embeddings", [](Config& c, const ConfigValue& v) { c.embeddings = text_of(v); }},
    {"knowledge.unused_days",
     [](Config& c, const ConfigValue& v) {
         c.expired_stores_kept = std::chrono::days(number_of(v, 0, 36'500));
     }},
    {"titles",
     [](Config& c, const ConfigValue& v) {
         c.titles_by_model = word_of(v, {"model", "first_message"}) == "model";
     }},
    {"mcp.serve", [](Config& c, const ConfigValue& v) { c.mcp.serve = truth_of(v); }},
    {"openai.tools",
     [](Config& c, const ConfigValue& v) {
         c.openai_offers_tools = word_of(v, {"all", "none"}) == "all";
     }},
    {"openai.unknown_models",
     [](Config& c, const ConfigValue& v) {
         c.openai_unknown_models = word_of(v, {"refuse", "default"}) == "default";
     }},
    {"http.cors_origins", [](Config& c, const ConfigValue& v) { c.cors_origins = texts_of(v); }, ','},
    {"http.trusted_proxies", set_proxies, ','},
    {"http.max_connections",
     [](Config& c, const ConfigValue& v) { c.max_connections = number_of(v, 1, 1'000'000); }},
    {"audit.keep_days",
     [](Config& c, const ConfigValue& v) { c.audit_kept = std::chrono::days(number_of(v, 0, 36'500)); }},
    {"assistants.keep_threads_days",
     [](Config& c, const ConfigValue& v) {
         c.assistants_threads_kept = std::chrono::days(number_of(v, 0, 36'500));
     }},
    {"chatkit.sessions",
     [](Config& c, const ConfigValue& v) { c.chatkit.sessions = number_of(v, 1, 10'000); }},
    {"chatkit.session_messages",
     [](Config& c, const ConfigValue& v) { c.chatkit.session_messages = number_of(v, 1, 10'000); }},
    {"chatkit.message_characters",
     [](Config& c, const ConfigValue& v) { c.chatkit.message_characters = number_of(v, 1, 1'000'000); }},
    {"chatkit.keep_threads_days",
     [](Config& c, const ConfigValue& v) {
         c.chatkit.threads_kept = std::chrono::days(number_of(v, 0, 36'500));
     }},
    {"auth.mode", [](Config&, const ConfigValue& v) { word_of(v, {"none"}); }},
    {"log.level",
     [](Config& c, const ConfigValue& v) {
         c.log_level = word_of(v, {"debug", "info", "warn", "error"});
     }},
};

const Key* find_key(std::string_view path) {
    const auto found =
        std::find_if(std::begin(keys), std::end(keys), [&](const Key& key) { return key.path == path; });
    return found == std::end(keys) ? nullptr : found;
}

bool is_section(const std::string& path) {
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](const Key& key) { return key.path.starts_with(path + "."); });
}

void remember_origins(Config& config, const ConfigValue& value) {
    config.origins[value.path] = value.origin;
    if (value.kind != ConfigValue::Kind::map) return;
    for (const ConfigValue& member : value.children) remember_origins(config, member);
}

// tools: {NAME: {job_after_s: 5, approval: always}}
void read_tools(Config& config, const ConfigValue& tools) {
    for (const ConfigValue& tool : members_of(tools))
        for (const ConfigValue& key : members_of(tool)) {
            if (key.name == "job_after_s")
                config.job_after[tool.name] = seconds_of(key, 0, 86'400);
            else if (key.name == "approval")
                config.approvals[tool.name] = word_of(key, {"always", "never"}) == "always";
            else
                refuse_unknown(key);
        }
}

void apply(Config& config, const ConfigValue& value) {
    const Key* key = find_key(value.path);
    if (key) {
        key->set(config, value);
        remember_origins(config, value);
    } else if (is_section(value.path)) {
        for (const ConfigValue& member : members_of(value)) apply(config, member);
    } else {
        refuse_unknown(value);
    }
}

void apply_file(Config& config, const ConfigSources& sources) {
    const ConfigValue root = read_config_file(*sources.file);
    if (root.children.empty())
        config.warnings.push_back(root.origin.place +
                                  ": the configuration file sets nothing; everything has its default.");
    for (const ConfigValue& value : root.children) {
        if (value.name == "providers")
            config.providers = read_providers(value, sources.environment);
        else if (value.name == "tools")
            read_tools(config, value);
        else if (value.name == "policy")
            config.policy = read_policy(value, config.warnings);
        else if (value.name == "mcp")
            config.mcp = read_mcp(value, sources.environment);
        else
            apply(config, value);
        remember_origins(config, value);
    }
}

// The key that users set most has a short name there.
std::string outer_name(std::string_view path) {
    return path == "plugins.folders" ? "plugins" : std::string(path);
}

std::string variable_of(std::string_view path) {
    std::string name = "ASSISTD_";
    for (const char c : outer_name(path))
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

// What a variable or option says, as it would stand in the file.
void apply_text(Config& config, const Key& key, const Origin& origin, const std::string& text) {
    ConfigValue value;
    value.kind = key.separator ? ConfigValue::Kind::list : ConfigValue::Kind::scalar;
    value.path = value.name = key.path;
    value.origin = origin;
    value.text = text;
    for (std::size_t from = 0; key.separator && from <= text.size();) {
        const std::size_t end = std::min(text.find(key.separator, from), text.size());
        ConfigValue item = value;
        item.kind = ConfigValue::Kind::scalar;
        item.text = text.substr(from, end - from);
        item.children.clear();
        if (end > from) value.children.push_back(std::move(item));
        from = end + 1;
    }
    apply(config, value);
}

// A value that was accepted, for a check that needs more than the value.
ConfigValue accepted(const Config& config, const std::string& path, const std::string& text) {
    ConfigValue value;
    value.kind = ConfigValue::Kind::scalar;
    value.path = value.name = path;
    value.text = text;
    value.origin = origin_of(config, path);
    return value;
}

// Whoever reaches the port may do everything.
void check_access(const Config& config) {
    const std::string& address = config.listen_address;
    in_addr four{};
    const bool loopback =
        address == "localhost" || address == "::1" || address == "[::1]" ||
        (inet_pton(AF_INET, address.c_str(), &four) == 1 && ntohl(four.s_addr) >> 24 == 127);
    if (!loopback)
        refuse(
            accepted(config, "listen", address),
            "must be an address on loopback (127.0.0.0/8, ::1 or localhost), because auth.mode is none and "
            "everybody who reaches it may do everything; it is " +
                in_quotes(address));
}

// Variables by these names belong to others: to assistctl, to providers as the name of a key, to tests.
bool is_others_variable(const Config& config, std::string_view name) {
    if (name == "ASSISTD_CONFIG" || name == "ASSISTD_SERVER" || name.starts_with("ASSISTD_TEST_"))
        return true;
    const auto is_key = [&](const auto& one) { return one.api_key_env == name; };
    return std::any_of(config.providers.begin(), config.providers.end(), is_key) ||
           std::any_of(config.mcp.servers.begin(), config.mcp.servers.end(), is_key);
}

void warn_of_unknown_variables(Config& config, const std::map<std::string, std::string>& environment) {
    for (const auto& [name, value] : environment) {
        if (!name.starts_with("ASSISTD_") || is_others_variable(config, name)) continue;
        const bool known = std::any_of(std::begin(keys), std::end(keys),
                                       [&](const Key& key) { return variable_of(key.path) == name; });
        if (!known)
            config.warnings.push_back("The environment variable " + name +
                                      " sets nothing: there is no key of that name.");
    }
}

}  // namespace

Config load_config(const ConfigSources& sources) {
    Config config;
    if (sources.file) {
        const std::filesystem::path beside = sources.file->parent_path() / "prompts";
        if (std::filesystem::is_directory(beside)) config.prompts = beside;
        apply_file(config, sources);
    }
    for (const Key& key : keys) {
        const std::string variable = variable_of(key.path);
        const auto found = sources.environment.find(variable);
        if (found != sources.environment.end())
            apply_text(config, key, {"the environment variable " + variable}, found->second);
    }
    for (const auto& [path, text] : sources.command_line) {
        const Origin origin{"the option --" + outer_name(path)};
        const Key* key = find_key(path);
        if (!key) refuse(origin, "there is no key " + in_quotes(path));
        apply_text(config, *key, origin, text);
    }
    config.model = resolve_model(config.providers, accepted(config, "model", config.model));
    check_embeddings(config);
    check_default_model(config);
    check_cost_limit(config);
    check_access(config);
    warn_of_unknown_variables(config, sources.environment);
    return config;
}

std::vector<std::string> unknown_tools(const Config& config,
                                       const std::function<bool(const std::string& tool)>& exists) {
    std::vector<std::string> sentences;
    std::set<std::string> named;
    for (const auto& [tool, after] : config.job_after) named.insert(tool);
    for (const auto& [tool, always] : config.approvals) named.insert(tool);
    for (const std::string& tool : named) {
        if (exists(tool)) continue;
        const ConfigValue value = accepted(config, "tools." + tool, tool);
        sentences.push_back(value.origin.place + ": " + value.path +
                            " is about a tool that no loaded plugin offers; it counts once there is one.");
    }
    for (std::string& sentence : unknown_tools(config.policy, exists))
        sentences.push_back(std::move(sentence));
    return sentences;
}

std::vector<std::string> unknown_plugins(const Config& config,
                                         const std::function<bool(const std::string& id)>& exists) {
    std::vector<std::string> sentences;
    for (const std::string& id : config.plugins_in_process)
        if (!exists(id))
            sentences.push_back(origin_of(config, "plugins.in_process").place +
                                ": plugins.in_process names " + in_quotes(id) +
                                ", and no plugin file has that id; it counts once there is one.");
    return sentences;
}

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

}  // namespace assistd
