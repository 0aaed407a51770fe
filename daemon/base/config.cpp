#include "base/config.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/error.h"

namespace assistd {
namespace {

using Values = std::vector<std::string>;

// Setters throw Wrong with the end of a sentence that begins with the key: "must be …".
struct Wrong {
    std::string must;
};

const std::string& single(const Values& values) {
    if (values.size() != 1) throw Wrong{"must be one value, not a list"};
    return values.front();
}

template <class Number>
Number number(const Values& values, Number least, Number most) {
    const std::string& text = single(values);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= least && value <= most))
        throw Wrong{fmt::format("must be a number from {} to {}; it is \"{}\"", least, most, text)};
    return value;
}

const std::string& one_of(const Values& values, const std::vector<std::string>& allowed) {
    const std::string& text = single(values);
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
    std::string list;
    for (const std::string& word : allowed) list += (list.empty() ? "" : ", ") + word;
    throw Wrong{"must be one of " + list + "; it is \"" + text + "\""};
}

void set_listen(Config& config, const Values& values) {
    const std::string& text = single(values);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        throw Wrong{"must be an address and a port such as 127.0.0.1:8080; it is \"" + text + "\""};
    config.listen_address = text.substr(0, colon);
    config.listen_port = number<std::uint16_t>({text.substr(colon + 1)}, 0, 65535);
}

struct Key {
    std::string_view path;
    void (*set)(Config&, const Values&);
};

// Every key but the providers' and the tools' maps, in the order of config/assistd.yaml.
constexpr Key keys[] = {
    {"listen", set_listen},
    {"state", [](Config& c, const Values& v) { c.state = single(v); }},
    {"plugins.folders", [](Config& c, const Values& v) { c.plugin_folders.assign(v.begin(), v.end()); }},
    {"model", [](Config& c, const Values& v) { c.model = single(v); }},
    {"store.synchronous",
     [](Config& c, const Values& v) {
         c.store_synchronous_full = one_of(v, {"full", "normal"}) == "full";
     }},
    {"turns.max_rounds", [](Config& c, const Values& v) { c.max_rounds = number(v, 1, 1'000); }},
    {"turns.max_tool_calls", [](Config& c, const Values& v) { c.max_tool_calls = number(v, 0, 100'000); }},
    {"turns.max_tokens",
     [](Config& c, const Values& v) { c.max_tokens = number<std::int64_t>(v, 0, 1'000'000'000'000); }},
    {"turns.max_cost", [](Config& c, const Values& v) { c.max_cost = number(v, 0.0, 1'000'000.0); }},
    {"turns.timeout_s",
     [](Config& c, const Values& v) { c.turn_timeout = std::chrono::seconds(number(v, 1, 604'800)); }},
    {"context.policy",
     [](Config& c, const Values& v) {
         c.context_last_messages = one_of(v, {"whole_exchanges", "last_messages"}) == "last_messages";
     }},
    {"context.last_messages", [](Config& c, const Values& v) { c.last_messages = number(v, 1, 10'000); }},
    {"http.cors_origins", [](Config& c, const Values& v) { c.cors_origins = v; }},
    {"http.trusted_proxies", [](Config& c, const Values& v) { c.trusted_proxies = v; }},
    {"http.max_connections", [](Config& c, const Values& v) { c.max_connections = number(v, 1, 1'000'000); }},
    {"auth.mode", [](Config&, const Values& v) { one_of(v, {"none"}); }},
    {"log.level",
     [](Config& c, const Values& v) {
         c.log_level = one_of(v, {"debug", "info", "warn", "error"});
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

[[noreturn]] void refuse(const std::string& where, const std::string& sentence) {
    throw Error(ErrorCode::validation, where + ": " + sentence + ".");
}

void apply(Config& config, const std::string& where, const std::string& path, const Values& values) {
    const Key* key = find_key(path);
    if (!key) refuse(where, "there is no key \"" + path + "\"");
    try {
        key->set(config, values);
    } catch (const Wrong& wrong) {
        refuse(where, path + " " + wrong.must);
    }
}

// Walks the file; every complaint names the line.
class FileReader {
  public:
    FileReader(Config& config, std::string file) : config_(config), file_(std::move(file)) {}

    void read(const YAML::Node& root) {
        if (root.IsNull()) return;  // an empty file
        if (!root.IsMap()) refuse(where(root), "the file must be a mapping of keys to values");
        for (const auto& entry : root) {
            const std::string name = entry.first.Scalar();
            if (name == "providers")
                read_providers(entry.second);
            else if (name == "tools")
                read_tools(entry.second);
            else
                read_key(name, entry.first, entry.second);
        }
    }

  private:
    std::string where(const YAML::Node& node) const {
        return file_ + ":" + std::to_string(node.Mark().line + 1);
    }

    void read_key(const std::string& path, const YAML::Node& name, const YAML::Node& value) {
        if (!find_key(path) && !is_section(path)) refuse(where(name), "there is no key \"" + path + "\"");
        if (is_section(path)) {
            if (!value.IsMap()) refuse(where(name), path + " must be a mapping of keys to values");
            for (const auto& entry : value)
                read_key(path + "." + entry.first.Scalar(), entry.first, entry.second);
            return;
        }
        apply(config_, where(name), path, values_of(path, name, value));
    }

    Values values_of(const std::string& path, const YAML::Node& name, const YAML::Node& value) const {
        if (value.IsScalar()) return {value.Scalar()};
        if (!value.IsSequence()) refuse(where(name), path + " must have a value");
        Values values;
        for (const YAML::Node& item : value) {
            if (!item.IsScalar()) refuse(where(item), path + " must be a list of plain values");
            values.push_back(item.Scalar());
        }
        return values;
    }

    void read_providers(const YAML::Node& providers) {
        if (!providers.IsMap()) refuse(where(providers), "providers must be a mapping of names to providers");
        for (const auto& entry : providers) {
            ProviderConfig provider;
            provider.name = entry.first.Scalar();
            if (!entry.second.IsMap())
                refuse(where(entry.first),
                       "providers." + provider.name + " must be a mapping of keys to values");
            for (const auto& field : entry.second) read_provider_key(provider, field.first, field.second);
            check(provider, entry.first);
            config_.providers.push_back(std::move(provider));
        }
    }

    void read_provider_key(ProviderConfig& provider, const YAML::Node& name, const YAML::Node& value) {
        const std::string key = name.Scalar();
        const std::string path = "providers." + provider.name + "." + key;
        try {
            const Values values = values_of(path, name, value);
            if (key == "kind")
                provider.kind = one_of(values, {"openai", "offline"});
            else if (key == "base_url")
                provider.base_url = single(values);
            else if (key == "api_key_env")
                provider.api_key_env = single(values);
            else if (key == "api_key_file")
                provider.api_key_file = single(values);
            else if (key == "api_key_credential")
                provider.api_key_credential = single(values);
            else if (key == "context_window")
                provider.context_window = number<std::int64_t>(values, 1'000, 100'000'000);
            else
                refuse(where(name), "there is no key \"" + path + "\"");
        } catch (const Wrong& wrong) {
            refuse(where(name), path + " " + wrong.must);
        }
    }

    void check(const ProviderConfig& provider, const YAML::Node& name) const {
        const std::string path = "providers." + provider.name;
        if (provider.kind.empty()) refuse(where(name), path + " must have a kind");
        if (provider.kind == "openai" && !provider.base_url.starts_with("http://") &&
            !provider.base_url.starts_with("https://"))
            refuse(where(name), path + " must have a base_url that begins with http:// or https://");
        const int keys_given = static_cast<int>(!provider.api_key_env.empty()) +
                               static_cast<int>(!provider.api_key_file.empty()) +
                               static_cast<int>(!provider.api_key_credential.empty());
        if (keys_given > 1)
            refuse(where(name),
                   path + " must have at most one of api_key_env, api_key_file and api_key_credential");
    }

    // tools: {NAME: {job_after_s: 5}}
    void read_tools(const YAML::Node& tools) {
        if (!tools.IsMap()) refuse(where(tools), "tools must be a mapping of tool names to their settings");
        for (const auto& entry : tools) {
            const std::string path = "tools." + entry.first.Scalar();
            if (!entry.second.IsMap())
                refuse(where(entry.first), path + " must be a mapping of keys to values");
            for (const auto& field : entry.second) {
                const std::string key = path + "." + field.first.Scalar();
                if (field.first.Scalar() != "job_after_s")
                    refuse(where(field.first), "there is no key \"" + key + "\"");
                try {
                    const double seconds = number(values_of(key, field.first, field.second), 0.0, 86'400.0);
                    config_.job_after[entry.first.Scalar()] =
                        std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
                } catch (const Wrong& wrong) {
                    refuse(where(field.first), key + " " + wrong.must);
                }
            }
        }
    }

    Config& config_;
    std::string file_;
};

void read_file(Config& config, const std::filesystem::path& file) {
    YAML::Node root;
    try {
        root = YAML::LoadFile(file.string());
    } catch (const YAML::BadFile&) {
        refuse(file.string(), "the configuration file cannot be read");
    } catch (const YAML::ParserException& error) {
        refuse(file.string() + ":" + std::to_string(error.mark.line + 1), "this is no YAML: " + error.msg);
    }
    FileReader(config, file.string()).read(root);
}

std::string variable_of(std::string_view path) {
    std::string name = "ASSISTD_";
    for (const char c : path)
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    // The one that users type most has a short name.
    return name == "ASSISTD_PLUGINS_FOLDERS" ? "ASSISTD_PLUGINS" : name;
}

Values split(const std::string& text) {
    Values parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t colon = std::min(text.find(':', from), text.size());
        if (colon > from) parts.push_back(text.substr(from, colon - from));
        from = colon + 1;
    }
    return parts;
}

bool is_list(std::string_view path) {
    return path == "plugins.folders" || path.starts_with("http.cors") || path.starts_with("http.trusted");
}

// The default model must name a provider that the file configures.
void check_model(const Config& config) {
    if (config.model == "offline") return;
    const std::size_t colon = config.model.find(':');
    const std::string name = config.model.substr(0, colon);
    const bool known = std::any_of(config.providers.begin(), config.providers.end(),
                                   [&](const ProviderConfig& provider) { return provider.name == name; });
    if (colon == std::string::npos || colon + 1 == config.model.size() || !known)
        throw Error(ErrorCode::validation,
                    "model must be \"offline\" or PROVIDER:MODEL of a provider that is configured; it is \"" +
                        config.model + "\".");
}

// Whoever reaches the port may do everything.
void check_access(const Config& config) {
    const std::string& address = config.listen_address;
    in_addr four{};
    const bool loopback =
        address == "localhost" || address == "::1" || address == "[::1]" ||
        (inet_pton(AF_INET, address.c_str(), &four) == 1 && ntohl(four.s_addr) >> 24 == 127);
    if (!loopback)
        throw Error(
            ErrorCode::validation,
            "listen must be an address on loopback (127.0.0.0/8, ::1 or localhost), because auth.mode is "
            "none and everybody who reaches it may do everything; it is \"" +
                address + "\".");
}

}  // namespace

Config load_config(const ConfigSources& sources) {
    Config config;
    if (sources.file) read_file(config, *sources.file);
    for (const Key& key : keys) {
        const std::string variable = variable_of(key.path);
        const auto found = sources.environment.find(variable);
        if (found == sources.environment.end()) continue;
        const Values values = is_list(key.path) ? split(found->second) : Values{found->second};
        apply(config, "the environment variable " + variable, std::string(key.path), values);
    }
    for (const auto& [path, value] : sources.command_line) {
        const Values values = is_list(path) ? split(value) : Values{value};
        apply(config, "the command line", path, values);
    }
    check_model(config);
    check_access(config);
    return config;
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
