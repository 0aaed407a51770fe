#pragma once
// The daemon's configuration: one YAML file, then environment variables, then the command line, each winning
// over the one before. Read once at the start; a value, shared read-only.
//
// Every key has an environment variable: "turns.max_rounds" is ASSISTD_TURNS_MAX_ROUNDS, with lists separated
// by colons. Providers are set in the file only.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace assistd {

struct ProviderConfig {
    std::string name;
    std::string kind;  // openai or offline
    std::string base_url;
    // Where the key is: at most one of them.
    std::string api_key_env;
    std::string api_key_file;
    std::string api_key_credential;         // a systemd credential's name
    std::int64_t context_window = 128'000;  // tokens
};

struct Config {
    std::string listen_address = "127.0.0.1";
    std::uint16_t listen_port = 8080;  // 0: any free one
    std::filesystem::path state = "./var";
    std::vector<std::filesystem::path> plugin_folders;  // empty: those that belong to the binary
    std::string model = "offline";                      // or NAME:MODEL of a provider
    std::vector<ProviderConfig> providers;

    bool store_synchronous_full = true;

    int max_rounds = 10;
    int max_tool_calls = 50;
    std::int64_t max_tokens = 0;  // 0: no limit
    double max_cost = 0;
    std::chrono::seconds turn_timeout{600};

    bool context_last_messages = false;  // the policy: whole exchanges otherwise
    int last_messages = 20;

    std::map<std::string, std::chrono::milliseconds> job_after;  // by tool name

    std::vector<std::string> cors_origins;
    std::vector<std::string> trusted_proxies;
    int max_connections = 8'000;

    std::string log_level = "info";
};

struct ConfigSources {
    std::optional<std::filesystem::path> file;
    std::map<std::string, std::string> environment;   // only ASSISTD_… counts
    std::map<std::string, std::string> command_line;  // by key: "listen" -> "127.0.0.1:0"
};

// Throws Error{validation} with one sentence that names the file with its line, the variable or the option,
// and the key.
Config load_config(const ConfigSources& sources);

// The environment of this process, for ConfigSources.
std::map<std::string, std::string> process_environment();

}  // namespace assistd
