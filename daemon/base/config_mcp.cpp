#include "base/config_mcp.h"

#include <algorithm>
#include <filesystem>

#include "base/config_endpoint.h"

namespace assistd {
namespace {

constexpr double shortest_s = 0.1, longest_s = 86'400;
constexpr std::size_t longest_name = 32;
constexpr std::size_t longest_prefix = 40;

bool is_word(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

std::map<std::string, std::string> variables_of(const ConfigValue& value) {
    std::map<std::string, std::string> variables;
    for (const ConfigValue& variable : members_of(value)) {
        if (!is_variable_name(variable.name)) refuse(variable, "is no name of an environment variable");
        variables[variable.name] = text_of(variable);
    }
    return variables;
}

const std::string& folder_of(const ConfigValue& value) {
    const std::string& folder = text_of(value);
    if (!std::filesystem::is_directory(folder))
        refuse(value, "must name a folder; " + in_quotes(folder) + " is none");
    return folder;
}

const std::string& prefix_of(const ConfigValue& value) {
    const std::string& prefix = text_of(value);
    if (!is_word(prefix) || prefix.size() > longest_prefix)
        refuse(value, "must have letters, digits, \"_\" and \"-\", at most " +
                          std::to_string(longest_prefix) + " of them; it is " + in_quotes(prefix));
    return prefix;
}

struct ServerKey {
    std::string_view name;
    void (*set)(McpServerConfig&, const ConfigValue&);
    char of = 'b';  // of a program (p), an address (a) or both (b)
};

// In the order of config/assistd.yaml.
constexpr ServerKey server_keys[] = {
    {"command", [](McpServerConfig& s, const ConfigValue& v) { s.command = text_of(v); }, 'p'},
    {"args", [](McpServerConfig& s, const ConfigValue& v) { s.arguments = texts_of(v); }, 'p'},
    {"env", [](McpServerConfig& s, const ConfigValue& v) { s.environment = variables_of(v); }, 'p'},
    {"folder", [](McpServerConfig& s, const ConfigValue& v) { s.folder = folder_of(v); }, 'p'},
    {"url", [](McpServerConfig& s, const ConfigValue& v) { s.url = base_url_of(v); }, 'a'},
    {"headers", [](McpServerConfig& s, const ConfigValue& v) { s.headers = headers_of(v); }, 'a'},
    {"api_key_env", [](McpServerConfig& s, const ConfigValue& v) { s.api_key_env = text_of(v); }, 'a'},
    {"api_key_file", [](McpServerConfig& s, const ConfigValue& v) { s.api_key_file = text_of(v); }, 'a'},
    {"api_key_credential",
     [](McpServerConfig& s, const ConfigValue& v) { s.api_key_credential = text_of(v); }, 'a'},
    {"prefix", [](McpServerConfig& s, const ConfigValue& v) { s.prefix = prefix_of(v); }},
    {"tools", [](McpServerConfig& s, const ConfigValue& v) { s.tools = texts_of(v); }},
    {"timeout_s",
     [](McpServerConfig& s, const ConfigValue& v) { s.timeout = seconds_of(v, shortest_s, longest_s); }},
    {"idle_timeout_s",
     [](McpServerConfig& s, const ConfigValue& v) { s.idle_timeout = seconds_of(v, shortest_s, longest_s); }},
    {"enabled", [](McpServerConfig& s, const ConfigValue& v) { s.enabled = truth_of(v); }},
};

McpServerConfig server_of(const ConfigValue& value, const KeySources& keys) {
    McpServerConfig server;
    server.name = value.name;
    if (server.name.empty() || server.name.size() > longest_name || !is_word(server.name))
        refuse(value, "must be named with letters, digits, \"_\" and \"-\", at most " +
                          std::to_string(longest_name) + " of them");
    server.prefix = server.name + "_";
    const bool is_program = value.kind == ConfigValue::Kind::map && value.child("command");
    const bool is_address = value.kind == ConfigValue::Kind::map && value.child("url");
    read_members(value, [&](const ConfigValue& key) {
        const auto known = std::find_if(std::begin(server_keys), std::end(server_keys),
                                        [&](const ServerKey& one) { return one.name == key.name; });
        if (known == std::end(server_keys)) refuse_unknown(key);
        if (is_program && !is_address && known->of == 'a')
            refuse(key, "is for servers with a url; this one has a command");
        if (is_address && !is_program && known->of == 'p')
            refuse(key, "is for servers with a command; this one has a url");
        known->set(server, key);
    });
    if (is_program == is_address) refuse(value, "must have either a command or a url");
    if (is_program && server.command.empty())
        refuse(*value.child("command"), "must name a program; it is empty");
    if (!value.child("idle_timeout_s")) server.idle_timeout = server.timeout;
    if (server.enabled) check_keys(value, keys);
    return server;
}

// With equal prefixes, whose tool a name is would depend on which server answers first.
void add_server(McpConfig& config, const ConfigValue& value, const KeySources& keys) {
    McpServerConfig server = server_of(value, keys);
    for (const McpServerConfig& other : config.servers)
        if (other.enabled && server.enabled && other.prefix == server.prefix)
            refuse(value, "has the prefix " + in_quotes(server.prefix) + " of " + in_quotes(other.name) +
                              "; each server needs its own");
    config.servers.push_back(std::move(server));
}

}  // namespace

McpConfig read_mcp(const ConfigValue& mcp, const KeySources& keys) {
    McpConfig config;
    Mistakes mistakes;
    for (const ConfigValue& key : members_of(mcp)) {
        if (key.name == "serve")
            mistakes.attempt([&] { config.serve = truth_of(key); });
        else if (key.name == "servers")
            for (const ConfigValue& server : members_of(key))
                mistakes.attempt([&] { add_server(config, server, keys); });
        else
            mistakes.attempt([&] { refuse_unknown(key); });
    }
    mistakes.tell();
    return config;
}

}  // namespace assistd
