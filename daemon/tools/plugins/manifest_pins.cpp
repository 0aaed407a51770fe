#include "tools/plugins/manifest_pins.h"

#include <nlohmann/json.hpp>

#include "base/one_line.h"
#include "base/utf8.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// So many places of a schema are named.
constexpr std::size_t most_places = 5;
// Whole, but for texts that nobody would read: what matters may stand at the end.
constexpr std::size_t longest_value = 4'000;  // bytes

// The part of what is known that pins of earlier versions of assistd do not have.
constexpr const char* limits = "limits";

// Whole seconds as they stand in a manifest, and others as exactly.
json seconds_of(std::chrono::milliseconds time) {
    if (time.count() % 1000 == 0) return time.count() / 1000;
    return static_cast<double>(time.count()) / 1000;
}

std::string text_of(const json& value) {
    if (value.is_null()) return "nothing";
    const std::string text = one_line(value.dump(-1, ' ', false, json::error_handler_t::replace));
    const std::string_view shown = whole_characters(text, longest_value);
    return std::string(shown) + (shown.size() < text.size() ? "…" : "");
}

json told_of(const core::ToolSpec& tool) {
    const core::ToolEffects& effects = tool.effects;
    json told = {{"title", tool.title},
                 {"description", tool.description},
                 {"category", tool.category},
                 {"input schema", json::parse(tool.input_schema)},
                 {"output schema", json::parse(tool.output_schema)},
                 {"effects",
                  {{"reads", effects.reads},
                   {"writes", effects.writes},
                   {"network", effects.network},
                   {"destructive", effects.destructive},
                   {"idempotent", effects.idempotent}}},
                 {limits,
                  {{"time_limit_s", seconds_of(tool.time_limit)},
                   {"job_after_s", seconds_of(tool.job_after)},
                   {"memory_limit_mb", tool.memory_limit_mb},
                   {"long_running", tool.long_running},
                   {"requires_project", tool.requires_project}}},
                 {"phrases", tool.phrases},
                 {"options", tool.options}};
    // Left out where there is none, as in what was known before there was such a thing.
    if (!tool.looks_up.empty()) told["permission to look up"] = tool.looks_up;
    return told;
}

json told_of(const Manifest& manifest) {
    json tools = json::object();
    for (const auto& tool : manifest.tools) tools[tool->name] = told_of(*tool);
    return tools;
}

std::string at_place(const json& document, const json& operation, const char* when) {
    const json::json_pointer place(operation.at("path").get<std::string>());
    return document.contains(place) ? text_of(document.at(place)) : std::string(when);
}

// "/properties/n/maximum (1000, now 2000)"
std::string changed_places(const json& before, const json& now) {
    const json operations = json::diff(before, now);
    std::string text;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (i == most_places) return text + " and " + std::to_string(operations.size() - i) + " more";
        text += (text.empty() ? "" : ", ") + operations[i].at("path").get<std::string>() + " (" +
                at_place(before, operations[i], "not there") + ", now " +
                at_place(now, operations[i], "not there") + ")";
    }
    return text;
}

std::string changed(const std::string& tool, const std::string& part, const json& before, const json& now) {
    if (before.is_string() || before.is_null() || now.is_null())
        return tool + ": its " + part + " was " + text_of(before) + " and is " + text_of(now) + ".";
    return tool + ": its " + part + " changed at " + changed_places(before, now) + ".";
}

std::vector<std::string> differences(const json& before, const json& now) {
    std::vector<std::string> sentences;
    for (const auto& [name, tool] : now.items()) {
        if (!before.contains(name)) {
            sentences.push_back(name + " is new: " + text_of(tool.at("description")) + ".");
            continue;
        }
        for (const auto& [part, value] : tool.items()) {
            if (part == limits && !before.at(name).contains(part)) continue;
            const json old = before.at(name).value(part, json());
            if (old != value) sentences.push_back(changed(name, part, old, value));
        }
        for (const auto& [part, value] : before.at(name).items())
            if (!tool.contains(part)) sentences.push_back(changed(name, part, value, json()));
    }
    for (const auto& [name, tool] : before.items())
        if (!now.contains(name)) sentences.push_back(name + " is gone.");
    return sentences;
}

}  // namespace

ManifestPins::ManifestPins(std::vector<core::PluginPin> known, Save save) : save_(std::move(save)) {
    for (core::PluginPin& pin : known) {
        const std::string id = pin.id;
        pins_.emplace(id, std::move(pin));
    }
}

std::vector<std::string> ManifestPins::changes(const Manifest& manifest) const {
    const std::lock_guard lock(mutex_);
    const auto known = pins_.find(manifest.id);
    if (known == pins_.end()) return {};
    return differences(json::parse(known->second.tools), told_of(manifest));
}

std::optional<Timestamp> ManifestPins::known_since(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto known = pins_.find(id);
    return known == pins_.end() ? std::nullopt : std::optional(known->second.at);
}

void ManifestPins::know(const Manifest& manifest) {
    const json now = told_of(manifest);
    const std::lock_guard lock(mutex_);
    const auto known = pins_.find(manifest.id);
    if (known == pins_.end()) return keep(manifest.id, manifest.version, now);
    const json before = json::parse(known->second.tools);
    json whole = before;
    for (auto& [name, tool] : whole.items())
        if (now.contains(name)) tool.emplace(limits, now.at(name).at(limits));
    if (whole != before) keep(manifest.id, known->second.version, whole);
}

void ManifestPins::approve(const Manifest& manifest) {
    const std::lock_guard lock(mutex_);
    keep(manifest.id, manifest.version, told_of(manifest));
}

void ManifestPins::keep(const std::string& id, const std::string& version, const json& tools) {
    const auto known = pins_.find(id);
    const Timestamp since = known == pins_.end() ? assistd::now() : known->second.at;
    core::PluginPin pin{id, version, tools.dump(), since};
    save_(pin);
    pins_.insert_or_assign(id, std::move(pin));
}

void add_waiting_tools(const Manifest& manifest, std::vector<core::WaitingTool>& all) {
    const std::string why = " waits: version " + manifest.version + " of the plugin " + manifest.id +
                            " tells other things of its tools than before, and an administrator has to agree "
                            "to that first, with: assistctl plugins approve " +
                            manifest.id;
    for (const auto& tool : manifest.tools) all.push_back({tool->name, tool->name + why});
}

}  // namespace assistd::tools
