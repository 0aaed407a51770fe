#include "base/config.h"

#include <unistd.h>

#include <algorithm>

#include "base/config_checks.h"
#include "base/config_endpoint.h"
#include "base/config_keys.h"
#include "base/config_sections.h"
#include "base/config_telemetry.h"
#include "base/config_value.h"

namespace assistd {
namespace {

void remember_origins(Config& config, const ConfigValue& value) {
    config.origins[value.path] = value.origin;
    if (value.kind != ConfigValue::Kind::map) return;
    for (const ConfigValue& member : value.children) remember_origins(config, member);
}

void apply(Config& config, const ConfigValue& value) {
    if (const ConfigKey* key = find_key(value.path)) {
        key->set(config, value);
    } else if (is_section(value.path)) {
        Mistakes mistakes;
        for (const ConfigValue& member : members_of(value)) mistakes.attempt([&] { apply(config, member); });
        mistakes.tell();
    } else {
        refuse_unknown(value);
    }
}

ConfigValue empty_root() {
    ConfigValue root;
    root.kind = ConfigValue::Kind::map;
    root.origin = {"the defaults"};
    return root;
}

ConfigValue read_files(Config& config, const std::filesystem::path& file, Mistakes& mistakes) {
    ConfigValue root = empty_root();
    mistakes.attempt([&] { root = read_config_file(file); });
    std::vector<std::filesystem::path> more;
    mistakes.attempt([&] { more = config_folder_files(file); });
    for (const std::filesystem::path& one : more)
        mistakes.attempt([&] { merge(root, read_config_file(one)); });
    if (root.children.empty())
        config.warnings.push_back(root.origin.place +
                                  ": the configuration file sets nothing; everything has its default.");
    return root;
}

// What a variable or option says, as it would stand in the file.
ConfigValue value_of(const ConfigKey& key, const Origin& origin, const std::string& text) {
    ConfigValue value;
    value.kind = key.separator ? ConfigValue::Kind::list : ConfigValue::Kind::scalar;
    value.path = key.path;
    value.name = value.path.substr(value.path.rfind('.') + 1);
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
    return value;
}

void add_variables_and_options(ConfigValue& root, const ConfigSources& sources, Mistakes& mistakes) {
    for (const ConfigKey& key : config_keys()) {
        const std::string variable = variable_of(key.path);
        const auto found = sources.environment.find(variable);
        if (found != sources.environment.end())
            put(root, value_of(key, {"the environment variable " + variable}, found->second));
    }
    for (const auto& [path, text] : sources.command_line) {
        const Origin origin{"the option --" + outer_name(path)};
        const ConfigKey* key = find_key(path);
        if (key)
            put(root, value_of(*key, origin, text));
        else
            mistakes.attempt([&, &name = path] { refuse(origin, "there is no key " + in_quotes(name)); });
    }
    if (!sources.socket.empty())
        put(root, value_of(*find_key("listen"), {"assistd.socket, ListenStream="}, sources.socket));
}

}  // namespace

Config load_config(const ConfigSources& sources) {
    Config config;
    Mistakes mistakes;
    ConfigValue root = empty_root();
    const KeySources keys{sources.environment, sources.keys_elsewhere ? &config.warnings : nullptr};
    if (sources.file) {
        const std::filesystem::path beside = sources.file->parent_path() / "prompts";
        if (std::filesystem::is_directory(beside)) config.prompts = beside;
        root = read_files(config, *sources.file, mistakes);
    }
    add_variables_and_options(root, sources, mistakes);
    for (const ConfigValue& value : root.children) {
        remember_origins(config, value);
        mistakes.attempt([&] {
            if (!read_section(config, value, keys)) apply(config, value);
        });
    }
    mistakes.tell();  // what follows takes each value for good
    read_otel_variables(config, sources.environment);
    check_whole(config, keys);
    config.tree = std::make_shared<const ConfigValue>(std::move(root));
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

Origin origin_of(const Config& config, const std::string& path) {
    const auto origin = config.origins.find(path);
    return origin == config.origins.end() ? Origin{"the defaults"} : origin->second;
}

}  // namespace assistd
