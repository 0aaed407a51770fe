#include "base/config_keys.h"

#include <algorithm>
#include <cctype>

#include "base/config_auth.h"
#include "base/config_limits.h"
#include "base/config_telemetry.h"
#include "base/network.h"

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

// Why no browser sends such an origin; empty: one may.
std::string fault_of_origin(const std::string& text) {
    if (text.empty()) return "it is empty";
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos || scheme == 0) return "it has no scheme, such as https://";
    const std::string host = text.substr(scheme + 3);
    if (host.empty()) return "it has no host";
    if (host.find('*') != std::string::npos) return "a * in a name stands for nothing";
    if (host.find_first_of("/?#@ \t") != std::string::npos) return "nothing stands behind the host and port";
    if (std::ranges::any_of(text, [](unsigned char c) { return std::isupper(c); }))
        return "browsers write small letters";
    if ((text.starts_with("https://") && host.ends_with(":443")) ||
        (text.starts_with("http://") && host.ends_with(":80")))
        return "browsers leave out the port that is the scheme's own";
    return {};
}

void set_cors_origins(Config& config, const ConfigValue& value) {
    config.cors_origins = texts_of(value);
    for (std::size_t i = 0; i < config.cors_origins.size(); ++i) {
        const std::string& text = config.cors_origins[i];
        const std::string fault = text == "*" ? "" : fault_of_origin(text);
        if (!fault.empty())
            refuse(value.children[i],
                   "are origins as browsers send them, such as https://a.example or "
                   "http://localhost:3000, or \"*\" for all; one is " +
                       in_quotes(text) + ": " + fault);
    }
}

void set_proxies(Config& config, const ConfigValue& value) {
    config.trusted_proxies = texts_of(value);
    for (std::size_t i = 0; i < config.trusted_proxies.size(); ++i) {
        const std::string& text = config.trusted_proxies[i];
        if (!Network::read(text))
            refuse(value.children[i],
                   "must be addresses or networks such as 10.0.0.0/8; one is " + in_quotes(text));
    }
}

std::chrono::days days_of(const ConfigValue& value) {
    return std::chrono::days(number_of(value, 0, 36'500));
}

RemovedUsersAudit removed_users_audit_of(const ConfigValue& value) {
    const std::string& word = word_of(value, {"keep", "anonymise", "remove"});
    return word == "keep"     ? RemovedUsersAudit::keep
           : word == "remove" ? RemovedUsersAudit::remove
                              : RemovedUsersAudit::anonymise;
}

// Every key but the maps of providers and tools, the policy and MCP servers, in the order of
// config/assistd.yaml.
constexpr ConfigKey keys[] = {
    {"listen", set_listen, 0, "127.0.0.1:8080", ConfigKey::Counts::after_restart},
    {"state", set_state, 0, "./var", ConfigKey::Counts::after_restart},
    {"plugins.folders", set_folders, ':'},
    {"plugins.network", [](Config& c, const ConfigValue& v) { c.plugins_with_network = texts_of(v); }, ',',
     "[]"},
    {"plugins.in_process", [](Config& c, const ConfigValue& v) { c.plugins_in_process = texts_of(v); }, ',',
     "[]"},
    {"plugins.readable", set_readable, ':', "[]"},
    {"plugins.changes",
     [](Config& c, const ConfigValue& v) {
         c.plugin_changes_wait = word_of(v, {"show", "approve"}) == "approve";
     },
     0, "show"},
    {"plugins.warm", [](Config& c, const ConfigValue& v) { c.plugins_warm = number_of(v, 0, 64); }, 0, "0"},
    {"plugins.max_artifact_mib",
     [](Config& c, const ConfigValue& v) { c.max_artifact_mib = number_of(v, 1, 1'048'576); }, 0, "1024"},
    {"plugins.max_scratch_mib",
     [](Config& c, const ConfigValue& v) { c.max_scratch_mib = number_of(v, 1, 1'048'576); }, 0, "2048"},
    {"plugins.max_memory_mib",
     [](Config& c, const ConfigValue& v) { c.plugins_max_memory_mib = number_of(v, 0, 1'048'576); }, 0, "0"},
    {"plugins.max_time_s",
     [](Config& c, const ConfigValue& v) {
         c.plugins_max_time = std::chrono::seconds(number_of(v, 0, 7 * 86'400));
     },
     0, "0"},
    {"model", [](Config& c, const ConfigValue& v) { c.model = text_of(v); }, 0, "offline"},
    {"store.synchronous",
     [](Config& c, const ConfigValue& v) {
         c.store_synchronous_full = word_of(v, {"full", "normal"}) == "full";
     },
     0, "full", ConfigKey::Counts::after_restart},
    {"store.most_together",
     [](Config& c, const ConfigValue& v) { c.store_most_together = number_of(v, 0, 1'000'000); }, 0, "0",
     ConfigKey::Counts::after_restart},
    {"store.reserve_mib",
     [](Config& c, const ConfigValue& v) { c.store_reserve_mib = number_of(v, 0, 1'048'576); }, 0, "64",
     ConfigKey::Counts::after_restart},
    {"turns.max_rounds", [](Config& c, const ConfigValue& v) { c.max_rounds = number_of(v, 1, 1'000); }, 0,
     "10"},
    {"turns.max_tool_calls",
     [](Config& c, const ConfigValue& v) { c.max_tool_calls = number_of(v, 0, 100'000); }, 0, "50"},
    {"turns.max_tokens",
     [](Config& c, const ConfigValue& v) { c.max_tokens = number_of<std::int64_t>(v, 0, 1'000'000'000'000); },
     0, "0"},
    {"turns.max_cost", [](Config& c, const ConfigValue& v) { c.max_cost = number_of(v, 0.0, 1'000'000.0); },
     0, "0"},
    {"turns.timeout_s",
     [](Config& c, const ConfigValue& v) { c.turn_timeout = std::chrono::seconds(number_of(v, 1, 604'800)); },
     0, "600"},
    {"turns.approval_timeout_s",
     [](Config& c, const ConfigValue& v) {
         c.approval_timeout = std::chrono::seconds(number_of(v, 1, 604'800));
     },
     0, "3600"},
    {"turns.drain_s",
     [](Config& c, const ConfigValue& v) { c.drain = std::chrono::seconds(number_of(v, 0, 3'600)); }, 0, "6"},
    {"context.policy",
     [](Config& c, const ConfigValue& v) {
         c.context_policy = word_of(v, {"whole_exchanges", "last_messages", "summary"});
     },
     0, "whole_exchanges"},
    {"context.last_messages",
     [](Config& c, const ConfigValue& v) { c.last_messages = number_of(v, 1, 10'000); }, 0, "20"},
    {"context.max_result_kib",
     [](Config& c, const ConfigValue& v) { c.max_result_kib = number_of(v, 4, 1'048'576); }, 0, "64"},
    {"prompts", set_prompts},
    {"knowledge.embeddings", [](Config& c, const ConfigValue& v) { c.embeddings = text_of(v); }, 0, nullptr,
     ConfigKey::Counts::after_restart},
    {"knowledge.unused_days",
     [](Config& c, const ConfigValue& v) {
         c.expired_stores_kept = std::chrono::days(number_of(v, 0, 36'500));
     },
     0, "30"},
    {"titles",
     [](Config& c, const ConfigValue& v) {
         c.titles_by_model = word_of(v, {"model", "first_message"}) == "model";
     },
     0, "model"},
    {"limits.overload.turns_at_once", set_turns_at_once, 0, "4000"},
    {"limits.overload.turns_at_work", set_turns_at_work, 0, "32"},
    {"limits.overload.turns_waiting", set_turns_waiting, 0, "64"},
    {"limits.overload.turn_wait_s", set_turn_wait, 0, "10"},
    {"limits.overload.request_wait_s", set_request_wait, 0, "2"},
    {"mcp.serve", [](Config& c, const ConfigValue& v) { c.mcp.serve = truth_of(v); }, 0, "true",
     ConfigKey::Counts::after_restart},
    {"openai.tools",
     [](Config& c, const ConfigValue& v) {
         c.openai_offers_tools = word_of(v, {"all", "none"}) == "all";
     },
     0, "all"},
    {"openai.unknown_models",
     [](Config& c, const ConfigValue& v) {
         c.openai_unknown_models = word_of(v, {"refuse", "default"}) == "default";
     },
     0, "refuse"},
    {"http.cors_origins", set_cors_origins, ',', "[]"},
    {"http.trusted_proxies", set_proxies, ',', "[]"},
    {"http.max_connections",
     [](Config& c, const ConfigValue& v) { c.max_connections = number_of(v, 1, 1'000'000); }, 0, "8000",
     ConfigKey::Counts::after_restart},
    {"audit.keep_days",
     [](Config& c, const ConfigValue& v) { c.audit_kept = std::chrono::days(number_of(v, 0, 36'500)); }, 0,
     "365"},
    {"retention.conversations_days",
     [](Config& c, const ConfigValue& v) { c.retention.conversations = days_of(v); }, 0, "0"},
    {"retention.artifacts_days", [](Config& c, const ConfigValue& v) { c.retention.artifacts = days_of(v); },
     0, "0"},
    {"retention.jobs_days", [](Config& c, const ConfigValue& v) { c.retention.jobs = days_of(v); }, 0, "0"},
    {"retention.studies_days", [](Config& c, const ConfigValue& v) { c.retention.studies = days_of(v); }, 0,
     "0"},
    {"retention.usage_days", [](Config& c, const ConfigValue& v) { c.retention.usage = days_of(v); }, 0, "0"},
    {"retention.audit_of_removed_users",
     [](Config& c, const ConfigValue& v) { c.retention.removed_users_audit = removed_users_audit_of(v); }, 0,
     "anonymise", ConfigKey::Counts::after_restart},
    {"assistants.keep_threads_days",
     [](Config& c, const ConfigValue& v) {
         c.assistants_threads_kept = std::chrono::days(number_of(v, 0, 36'500));
     },
     0, "30"},
    {"chatkit.sessions",
     [](Config& c, const ConfigValue& v) { c.chatkit.sessions = number_of(v, 1, 10'000); }, 0, "10"},
    {"chatkit.session_messages",
     [](Config& c, const ConfigValue& v) { c.chatkit.session_messages = number_of(v, 1, 10'000); }, 0, "100"},
    {"chatkit.message_characters",
     [](Config& c, const ConfigValue& v) { c.chatkit.message_characters = number_of(v, 1, 1'000'000); }, 0,
     "500"},
    {"chatkit.keep_threads_days",
     [](Config& c, const ConfigValue& v) {
         c.chatkit.threads_kept = std::chrono::days(number_of(v, 0, 36'500));
     },
     0, "30"},
    {"auth.mode", [](Config& c, const ConfigValue& v) { c.auth.mode = auth_mode_of(v); }, 0, "none",
     ConfigKey::Counts::after_restart},
    {"auth.keys", [](Config& c, const ConfigValue& v) { c.auth.keys = truth_of(v); }, 0, "true",
     ConfigKey::Counts::after_restart},
    {"auth.session_idle_s",
     [](Config& c, const ConfigValue& v) {
         c.auth.session_idle = std::chrono::seconds(number_of(v, 60, 31'536'000));
     },
     0, "43200", ConfigKey::Counts::after_restart},
    {"auth.session_longest_s",
     [](Config& c, const ConfigValue& v) {
         c.auth.session_longest = std::chrono::seconds(number_of(v, 60, 31'536'000));
     },
     0, "604800", ConfigKey::Counts::after_restart},
    {"auth.login_attempts",
     [](Config& c, const ConfigValue& v) { c.auth.login_attempts = number_of(v, 1, 10'000); }, 0, "10",
     ConfigKey::Counts::after_restart},
    {"auth.login_window_s",
     [](Config& c, const ConfigValue& v) {
         c.auth.login_window = std::chrono::seconds(number_of(v, 1, 86'400));
     },
     0, "900", ConfigKey::Counts::after_restart},
    {"auth.jwt.algorithms",
     [](Config& c, const ConfigValue& v) { c.auth.jwt.algorithms = jwt_algorithms_of(v); }, ',', nullptr,
     ConfigKey::Counts::after_restart},
    {"auth.jwt.secret_env", [](Config& c, const ConfigValue& v) { c.auth.jwt.secret_env = text_of(v); }, 0,
     nullptr, ConfigKey::Counts::after_restart},
    {"auth.jwt.secret_file", [](Config& c, const ConfigValue& v) { c.auth.jwt.secret_file = text_of(v); }, 0,
     nullptr, ConfigKey::Counts::after_restart},
    {"auth.jwt.secret_credential",
     [](Config& c, const ConfigValue& v) { c.auth.jwt.secret_credential = text_of(v); }, 0, nullptr,
     ConfigKey::Counts::after_restart},
    {"auth.jwt.public_key_file",
     [](Config& c, const ConfigValue& v) { c.auth.jwt.public_key_file = readable_file_of(v); }, 0, nullptr,
     ConfigKey::Counts::after_restart},
    {"auth.jwt.jwks_url", [](Config& c, const ConfigValue& v) { c.auth.jwt.jwks_url = key_address_of(v); }, 0,
     nullptr, ConfigKey::Counts::after_restart},
    {"auth.jwt.jwks_refresh_s",
     [](Config& c,
        const ConfigValue& v) { c.auth.jwt.jwks_refresh = std::chrono::seconds(number_of(v, 10, 86'400)); },
     0, "3600", ConfigKey::Counts::after_restart},
    {"auth.jwt.jwks_pause_s",
     [](Config& c,
        const ConfigValue& v) { c.auth.jwt.jwks_pause = std::chrono::seconds(number_of(v, 1, 3'600)); },
     0, "30", ConfigKey::Counts::after_restart},
    {"auth.jwt.issuer", [](Config& c, const ConfigValue& v) { c.auth.jwt.issuer = said_of(v); }, 0, nullptr,
     ConfigKey::Counts::after_restart},
    {"auth.jwt.audience", [](Config& c, const ConfigValue& v) { c.auth.jwt.audience = said_of(v); }, 0,
     nullptr, ConfigKey::Counts::after_restart},
    {"auth.jwt.leeway_s",
     [](Config& c, const ConfigValue& v) { c.auth.jwt.leeway = std::chrono::seconds(number_of(v, 0, 600)); },
     0, "60", ConfigKey::Counts::after_restart},
    {"auth.jwt.user_claim", [](Config& c, const ConfigValue& v) { c.auth.jwt.user_claim = said_of(v); }, 0,
     "sub", ConfigKey::Counts::after_restart},
    {"auth.jwt.role_claim", [](Config& c, const ConfigValue& v) { c.auth.jwt.role_claim = said_of(v); }, 0,
     nullptr, ConfigKey::Counts::after_restart},
    {"auth.jwt.admin_role", [](Config& c, const ConfigValue& v) { c.auth.jwt.admin_role = said_of(v); }, 0,
     "admin", ConfigKey::Counts::after_restart},
    {"auth.jwt.admins", [](Config& c, const ConfigValue& v) { c.auth.jwt.admins = texts_of(v); }, ',', "[]",
     ConfigKey::Counts::after_restart},
    {"log.level",
     [](Config& c, const ConfigValue& v) { c.log_level = word_of(v, {"debug", "info", "warn", "error"}); }, 0,
     "info"},
    {"log.format",
     [](Config& c, const ConfigValue& v) { c.log_as_json = word_of(v, {"text", "json"}) == "json"; }, 0,
     "text", ConfigKey::Counts::after_restart},
    {"log.to",
     [](Config& c,
        const ConfigValue& v) { c.log_to_journal = word_of(v, {"stderr", "journald"}) == "journald"; },
     0, "stderr", ConfigKey::Counts::after_restart},
    {"telemetry.otlp_endpoint", set_otlp_endpoint, 0, nullptr, ConfigKey::Counts::after_restart},
    {"telemetry.service_name", [](Config& c, const ConfigValue& v) { c.telemetry.service_name = text_of(v); },
     0, "assistd", ConfigKey::Counts::after_restart},
    {"telemetry.sample", [](Config& c, const ConfigValue& v) { c.telemetry.sample = number_of(v, 0.0, 1.0); },
     0, "1", ConfigKey::Counts::after_restart},
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
