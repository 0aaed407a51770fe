#pragma once
// The daemon's configuration: one YAML file, then those of the folder conf.d beside it, then environment
// variables, then the command line, each winning over the one before. Read at the start and at each reload; a
// value, shared read-only.
//
// Every key has an environment variable: "turns.max_rounds" is ASSISTD_TURNS_MAX_ROUNDS. Lists of folders are
// separated by colons there, other lists by commas. Providers, tools, the policy, who is limited and MCP
// servers are set in the file only.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/auth_config.h"
#include "base/limits_config.h"
#include "base/mcp_config.h"
#include "base/policy_config.h"
#include "base/retention_config.h"
#include "base/telemetry_config.h"

namespace assistd {

struct ConfigValue;

// Where a value was set, as it stands in front of a sentence about it: "assistd.yaml:3", "the environment
// variable ASSISTD_MODEL", "the option --listen".
struct Origin {
    std::string place;

    bool operator==(const Origin&) const = default;
};

// US dollars per million tokens.
struct ModelPrice {
    double input = 0;
    double cached_input = 0;  // as input when the config does not say
    double cache_write = 0;   // so too; 1.25 times as much for Anthropic's models
    double output = 0;

    bool operator==(const ModelPrice&) const = default;
};

enum class Thinking { off, low, medium, high };

struct ModelConfig {
    std::string name;
    std::string alias;  // another name for it, empty: none; unique among all providers
    std::optional<std::int64_t> context_window;  // tokens; none: the provider's
    std::optional<std::int64_t> max_output_tokens;
    std::optional<ModelPrice> price;
    std::optional<bool> images;  // takes pictures; none: the provider's
    Thinking thinking = Thinking::off;

    bool operator==(const ModelConfig&) const = default;
};

// What a request says to the model unless the caller says otherwise.
struct ModelDefaults {
    std::optional<double> temperature;
    std::optional<std::int64_t> max_tokens;
    std::optional<double> top_p;

    bool operator==(const ModelDefaults&) const = default;
};

struct ProviderTimeouts {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds idle{120'000};  // between two pieces of a reply, and before the first
    std::chrono::milliseconds total{600'000};

    bool operator==(const ProviderTimeouts&) const = default;
};

// How often a request that failed is sent again, as long as no text of its reply was passed on.
struct RetryLimits {
    int attempts = 3;  // of one model, the first included
    std::chrono::milliseconds first_wait{500};
    std::chrono::milliseconds longest_wait{8'000};
    // A server that wants to be left alone for longer is not waited for.
    std::chrono::milliseconds longest_retry_after{60'000};

    bool operator==(const RetryLimits&) const = default;
};

// When a server that keeps failing is left alone.
struct BreakerLimits {
    int failures = 5;  // in a row; 0: it never is
    std::chrono::milliseconds pause{30'000};

    bool operator==(const BreakerLimits&) const = default;
};

struct ProviderConfig {
    std::string name;
    std::string kind;      // openai, anthropic, ollama or offline
    std::string base_url;  // never empty but for offline
    // Where the key is: at most one of them.
    std::string api_key_env;
    std::string api_key_file;
    std::string api_key_credential;         // a systemd credential's name
    std::int64_t context_window = 128'000;  // tokens, of models that do not say
    bool images = false;                    // taken by models that do not say
    std::vector<std::string> fallback;      // PROVIDER:MODEL, in the order in which they are tried
    std::map<std::string, std::string> headers;
    ProviderTimeouts timeouts;
    RetryLimits retry;
    BreakerLimits circuit_breaker;
    std::string max_tokens_key;       // of kind openai: max_tokens or max_completion_tokens
    std::vector<ModelConfig> models;  // empty: every name is passed on
    ModelDefaults defaults;

    bool operator==(const ProviderConfig&) const = default;
};

struct ChatKitConfig {
    // Of the REST wrapper: sessions of a user, messages of a session, characters of a message.
    int sessions = 10;
    int session_messages = 100;
    int message_characters = 500;
    std::chrono::days threads_kept{30};  // unused; 0: for ever

    bool operator==(const ChatKitConfig&) const = default;
};

struct Config {
    std::string listen_address = "127.0.0.1";
    std::uint16_t listen_port = 8080;  // 0: any free one
    std::filesystem::path state = "./var";
    std::vector<std::filesystem::path> plugin_folders;  // empty: those that belong to the binary
    std::vector<std::string> plugins_with_network;      // ids
    std::vector<std::string> plugins_in_process;        // ids of those that run in the daemon itself
    std::vector<std::filesystem::path> plugins_readable;
    bool plugin_changes_wait = false;  // for somebody to agree to them
    int plugins_warm = 0;              // hosts of each plugin that are started before anybody calls
    int max_artifact_mib = 1'024;      // of one call, all its artifacts together
    int max_scratch_mib = 2'048;       // of one call, in its scratch folder
    // The most that a call of a plugin gets, whatever the plugin asks for; 0: what it asks for.
    int plugins_max_memory_mib = 0;
    std::chrono::seconds plugins_max_time{0};
    // What documents are embedded with, PROVIDER:MODEL; empty: they are searched by their words only.
    std::string embeddings;
    std::string model = "offline";  // or NAME:MODEL of a provider; aliases are resolved
    std::vector<ProviderConfig> providers;

    bool store_synchronous_full = true;
    int store_most_together = 0;  // writes in one commit; 0: as many as wait
    int store_reserve_mib = 64;   // of the disk, that new artifacts leave free

    int max_rounds = 10;
    int max_tool_calls = 50;
    std::int64_t max_tokens = 0;  // 0: no limit
    double max_cost = 0;
    std::chrono::seconds turn_timeout{600};
    std::chrono::seconds approval_timeout{3'600};
    std::chrono::seconds drain{6};  // how long turns may still take when the daemon is told to stop

    std::string context_policy = "whole_exchanges";  // last_messages, summary
    int last_messages = 20;
    int max_result_kib = 64;  // of a tool's result that a model sees; a longer one becomes an artifact

    std::map<std::string, std::chrono::milliseconds> job_after;  // by tool name
    std::map<std::string, bool> approvals;  // by tool name: whether a person is always or never asked
    PolicyConfig policy;
    LimitsConfig limits;
    McpConfig mcp;
    AuthConfig auth;
    bool openai_offers_tools = true;     // the daemon's own, in chat completions
    bool openai_unknown_models = false;  // mean the default model; else they are refused
    std::chrono::days audit_kept{365};   // 0: for ever
    RetentionConfig retention;
    std::chrono::days assistants_threads_kept{30};  // unused; 0: for ever
    std::chrono::days expired_stores_kept{30};
    ChatKitConfig chatkit;

    std::vector<std::string> cors_origins;
    std::vector<std::string> trusted_proxies;
    int max_connections = 8'000;

    // Texts in place of the built-in ones: *.mustache. Empty: none. Without the key it is the folder
    // "prompts" beside the configuration file, when there is one.
    std::filesystem::path prompts;
    bool titles_by_model = true;  // else the first message is a conversation's title

    std::string log_level = "info";
    bool log_as_json = false;
    bool log_to_journal = false;  // else to standard error
    TelemetryConfig telemetry;

    std::map<std::string, Origin> origins;    // by key; keys that have their default are not in it
    std::shared_ptr<const ConfigValue> tree;  // what is set, all sources together
    std::vector<std::string> warnings;        // sentences for the log
    bool safe_mode = false;  // nobody's code but assistd's own; no key, a word of the command line

    bool operator==(const Config&) const = default;
};

struct ConfigSources {
    std::optional<std::filesystem::path> file;
    std::map<std::string, std::string> environment;   // ASSISTD_… and what api_key_env names
    std::map<std::string, std::string> command_line;  // by key: "listen" -> "127.0.0.1:0"
    // Who reads is not the service: keys that only its process can have are warned of, not refused.
    bool keys_elsewhere = false;
    // The address of the one that systemd listens on, in place of `listen`; empty: none.
    std::string socket = {};
};

// Throws Error{validation} with a sentence for each thing that is wrong, on lines of their own; each names
// the file with its line, the variable or the option, and the key.
Config load_config(const ConfigSources& sources);

// All that counts as a configuration file, each value with where it comes from. Texts that may be secrets are
// left out.
std::string print_config(const Config& config);

// What differs between two configurations, by key: a section that is one whole (providers, policy) is named
// by itself.
struct ConfigChanges {
    std::vector<std::string> at_once;        // what a reload takes
    std::vector<std::string> after_restart;  // what it does not
};
ConfigChanges changes_between(const Config& before, const Config& after);

// Where a key was set.
Origin origin_of(const Config& config, const std::string& path);

// The environment of this process, for ConfigSources.
std::map<std::string, std::string> process_environment();

}  // namespace assistd
