#include "base/config_keys.h"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

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

// Every key but the maps of providers and tools, the policy and MCP servers, in the order of
// config/assistd.yaml.
constexpr ConfigKey keys[] = {
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

}  // namespace

std::span<const ConfigKey> config_keys() {
    return keys;
}

const ConfigKey* find_key(std::string_view path) {
    const auto found = std::find_if(std::begin(keys), std::end(keys),
                                    [&](const ConfigKey& key) { return key.path == path; });
    return found == std::end(keys) ? nullptr : found;
}

bool is_section(std::string_view path) {
    const std::string below = std::string(path) + ".";
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](const ConfigKey& key) { return key.path.starts_with(below); });
}

std::string outer_name(std::string_view path) {
    return path == "plugins.folders" ? "plugins" : std::string(path);
}

std::string variable_of(std::string_view path) {
    std::string name = "ASSISTD_";
    for (const char c : outer_name(path))
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

}  // namespace assistd
