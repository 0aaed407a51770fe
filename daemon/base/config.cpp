#include "base/config.h"

#include <unistd.h>

#include <algorithm>

#include "base/config_checks.h"
#include "base/config_keys.h"
#include "base/config_sections.h"
#include "base/config_value.h"

namespace assistd {
namespace {

void remember_origins(Config& config, const ConfigValue& value) {
    config.origins[value.path] = value.origin;
    if (value.kind != ConfigValue::Kind::map) return;
    for (const ConfigValue& member : value.children) remember_origins(config, member);
}

void apply(Config& config, const ConfigValue& value) {
    const ConfigKey* key = find_key(value.path);
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
        if (!read_section(config, value, sources.environment)) apply(config, value);
        remember_origins(config, value);
    }
}

// What a variable or option says, as it would stand in the file.
void apply_text(Config& config, const ConfigKey& key, const Origin& origin, const std::string& text) {
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

}  // namespace

Config load_config(const ConfigSources& sources) {
    Config config;
    if (sources.file) {
        const std::filesystem::path beside = sources.file->parent_path() / "prompts";
        if (std::filesystem::is_directory(beside)) config.prompts = beside;
        apply_file(config, sources);
    }
    for (const ConfigKey& key : config_keys()) {
        const std::string variable = variable_of(key.path);
        const auto found = sources.environment.find(variable);
        if (found != sources.environment.end())
            apply_text(config, key, {"the environment variable " + variable}, found->second);
    }
    for (const auto& [path, text] : sources.command_line) {
        const Origin origin{"the option --" + outer_name(path)};
        const ConfigKey* key = find_key(path);
        if (!key) refuse(origin, "there is no key " + in_quotes(path));
        apply_text(config, *key, origin, text);
    }
    check_whole(config, sources.environment);
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
