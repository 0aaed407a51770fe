// The configuration written down again, and compared with another.

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "base/config_keys.h"
#include "base/config_value.h"

namespace assistd {
namespace {

constexpr std::size_t comment_column = 48;
constexpr const char* hidden = "(not shown)";

// Maps whose texts a user may have put a key into. Models and tools have names of their own.
bool holds_secrets(const ConfigValue& value) {
    return value.kind == ConfigValue::Kind::map && (value.name == "headers" || value.name == "env") &&
           !value.path.starts_with("tools.") && value.path.find(".models.") == std::string::npos;
}

std::string scalar(const std::string& text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+-@ ";
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
    const bool is_word = !text.empty() && text.find_first_not_of(plain) == std::string::npos &&
                         first.find(text.front()) != std::string_view::npos &&
                         text.find(": ") == std::string::npos && text.back() != ':' && text.back() != ' ';
    // Which YAML would take for no text at all.
    const bool is_null = text == "null" || text == "Null" || text == "NULL";
    if (is_word && !is_null) return text;
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// "--api-key": what follows it, or stands behind its "=", is one.
bool wants_secret(std::string_view option) {
    std::string word(option.substr(0, option.find('=')));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
    return word.starts_with('-') && std::ranges::any_of(std::array{"token", "key", "password", "secret"},
                                                        [&](const char* end) { return word.ends_with(end); });
}

// Of the arguments that a program of mcp.servers is started with.
std::string shown_argument(const ConfigValue* before, const ConfigValue& one) {
    if (const std::size_t equals = one.text.find('='); equals != std::string::npos && wants_secret(one.text))
        return one.text.substr(0, equals + 1) + hidden;
    const bool follows = before && before->text.find('=') == std::string::npos && wants_secret(before->text);
    return follows ? hidden : one.text;
}

bool are_arguments(const ConfigValue& value) {
    return value.kind == ConfigValue::Kind::list && value.name == "args" &&
           value.path.starts_with("mcp.servers.");
}

ConfigValue shown_arguments(const ConfigValue& value) {
    ConfigValue shown = value;
    for (std::size_t i = 0; i < value.children.size(); ++i)
        shown.children[i].text = shown_argument(i > 0 ? &value.children[i - 1] : nullptr, value.children[i]);
    shown.name.clear();  // it is done
    return shown;
}

enum class Secrets { left_out, kept };

// On one line, as it may stand everywhere.
std::string flow(const ConfigValue& value, Secrets secrets) {
    using enum ConfigValue::Kind;
    if (value.kind == nothing) return "null";
    if (secrets == Secrets::left_out && are_arguments(value)) return flow(shown_arguments(value), secrets);
    if (value.kind == scalar) {
        const std::string text = assistd::scalar(value.text);
        // A colon or a blank there would be read as something else by some.
        const bool is_safe = text.front() == '"' || text.find_first_of(": ") == std::string::npos;
        return is_safe ? text : nlohmann::json(value.text).dump();
    }
    std::string text;
    for (const ConfigValue& one : value.children) {
        text += text.empty() ? "" : ", ";
        if (value.kind == map) text += assistd::scalar(one.name) + ": ";
        const bool is_hidden = secrets == Secrets::left_out && holds_secrets(value);
        text += is_hidden ? nlohmann::json(hidden).dump() : flow(one, secrets);
    }
    return value.kind == map ? "{" + text + "}" : "[" + text + "]";
}

class Printer {
  public:
    std::string print(const ConfigValue& root) {
        for (const ConfigValue& value : root.children) write(value, 0, holds_secrets(root));
        return std::move(text_);
    }

  private:
    void write(const ConfigValue& value, std::size_t indent, bool is_secret) {
        using enum ConfigValue::Kind;
        const std::string key = std::string(indent, ' ') + scalar_key(value.name) + ":";
        if (value.kind == map && !value.children.empty()) {
            text_ += key + "\n";
            for (const ConfigValue& child : value.children) write(child, indent + 2, holds_secrets(value));
        } else if (value.kind == list && has_maps(value)) {
            text_ += key + "\n";
            for (const ConfigValue& item : value.children)
                line(std::string(indent + 2, ' ') + "- " + flow(item, Secrets::left_out), item.origin);
        } else if (is_secret) {
            line(key + " " + assistd::scalar(hidden), value.origin);
        } else {
            line(key + " " +
                     (value.kind == Kind::scalar ? assistd::scalar(value.text)
                                                 : flow(value, Secrets::left_out)),
                 value.origin);
        }
    }

    using Kind = ConfigValue::Kind;
    static std::string scalar_key(const std::string& name) { return assistd::scalar(name); }
    static bool has_maps(const ConfigValue& list) {
        return std::ranges::any_of(list.children,
                                   [](const ConfigValue& one) { return one.kind == ConfigValue::Kind::map; });
    }
    void line(std::string text, const Origin& origin) {
        if (text.size() < comment_column) text.resize(comment_column, ' ');
        text_ += text + "  # " + origin.place + "\n";
    }

    std::string text_;
};

// As a file says it: "[]" is a list, all other defaults are one value.
ConfigValue usual_value(const ConfigKey& key) {
    ConfigValue value;
    value.path = key.path;
    value.origin = {"the default"};
    value.kind = ConfigValue::Kind::list;
    if (std::string_view(key.usual) == "[]") return value;
    value.kind = ConfigValue::Kind::scalar;
    value.text = key.usual;
    return value;
}

ConfigValue whole_tree(const Config& config) {
    ConfigValue set = config.tree ? *config.tree : ConfigValue();
    ConfigValue whole;
    whole.kind = ConfigValue::Kind::map;
    for (const ConfigKey& key : config_keys()) {
        if (const ConfigValue* value = find(set, key.path))
            put(whole, *value);
        else if (key.usual)
            put(whole, usual_value(key));
    }
    merge(whole, std::move(set));  // and what no single key is: providers, tools, policy, MCP servers
    return whole;
}

// Without where it was set, which may move.
std::string text_at(const Config& config, const ConfigKey& key) {
    const ConfigValue* value = config.tree ? find(*config.tree, key.path) : nullptr;
    if (value) return flow(*value, Secrets::kept);
    return key.usual ? flow(usual_value(key), Secrets::kept) : "";
}

// The sections that no single key is in, and the lists and maps below them.
std::map<std::string, std::string> other_texts(const Config& config) {
    std::map<std::string, std::string> texts;
    if (!config.tree) return texts;
    for (const ConfigValue& section : config.tree->children) {
        if (find_key(section.path)) continue;
        if (!is_section(section.path))
            texts[section.path] = flow(section, Secrets::kept);
        else
            for (const ConfigValue& member : section.children)
                if (!find_key(member.path) && !is_section(member.path))
                    texts[member.path] = flow(member, Secrets::kept);
    }
    return texts;
}

}  // namespace

std::string print_config(const Config& config) {
    return Printer().print(whole_tree(config));
}

ConfigChanges changes_between(const Config& before, const Config& after) {
    ConfigChanges changes;
    for (const ConfigKey& key : config_keys()) {
        if (text_at(before, key) == text_at(after, key)) continue;
        const bool now = key.counts == ConfigKey::Counts::at_once;
        (now ? changes.at_once : changes.after_restart).emplace_back(key.path);
    }
    const auto old = other_texts(before), next = other_texts(after);
    std::set<std::string> names;
    for (const auto* texts : {&old, &next})
        for (const auto& [path, text] : *texts) names.insert(path);
    const auto text_of = [](const auto& texts, const std::string& path) {
        const auto found = texts.find(path);
        return found == texts.end() ? std::string() : found->second;
    };
    for (const std::string& path : names) {
        if (text_of(old, path) == text_of(next, path)) continue;
        // With the rest of its section.
        const bool now = path != "telemetry.headers";
        (now ? changes.at_once : changes.after_restart).push_back(path);
    }
    return changes;
}

}  // namespace assistd
