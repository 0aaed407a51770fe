#include "tools/plugins/manifest.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "tools/plugins/manifest_examples.h"
#include "tools/plugins/manifest_members.h"
#include "tools/plugins/strict_json.h"
#include "tools/tool_text.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_tools = 256;

constexpr auto name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

bool is_tool_name(std::string_view name) {
    return name.size() <= 64 && consists_of(name, name_letters);
}

// Reverse DNS: at least two parts of lower-case letters, digits, "-" and "_".
bool is_plugin_id(std::string_view id) {
    if (id.size() > 128 || id.find('.') == std::string_view::npos) return false;
    for (std::size_t from = 0; from <= id.size();) {
        const std::size_t to = std::min(id.find('.', from), id.size());
        if (!consists_of(id.substr(from, to - from), "abcdefghijklmnopqrstuvwxyz0123456789-_")) return false;
        from = to + 1;
    }
    return true;
}

// "1.2.3", perhaps with a suffix such as "-rc1".
bool is_version(std::string_view version) {
    if (version.size() > 64) return false;
    const std::string_view numbers = version.substr(0, version.find_first_of("-+"));
    if (std::ranges::count(numbers, '.') != 2 || !consists_of(numbers, "0123456789.")) return false;
    if (numbers.front() == '.' || numbers.back() == '.' || numbers.find("..") != std::string_view::npos)
        return false;
    return numbers.size() == version.size() ||
           consists_of(version.substr(numbers.size() + 1),
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+");
}

// The schema's text, once it is one and describes an object.
std::string schema_text(const Json& schema, const std::string& where) {
    try {
        check_schema(schema, where);
    } catch (const Error& error) {
        refuse_manifest(error.what());
    }
    if (!schema.is_object()) refuse_manifest(where + " must be a JSON Schema (an object).");
    const auto type = schema.find("type");
    if (type == schema.end() || *type != "object") refuse_manifest(where + ".type must be \"object\".");
    std::string text = schema.dump();
    if (text.size() > longest_schema)
        refuse_manifest(where + " has " + std::to_string(text.size()) + " bytes, and may have " +
                        std::to_string(longest_schema) + ".");
    return text;
}

core::ToolEffects read_effects(const Json& json, const std::string& where) {
    ManifestMembers members(json, where);
    core::ToolEffects effects;
    effects.reads = members.flag_or("reads", false);
    effects.writes = members.flag_or("writes", false);
    effects.network = members.flag_or("network", false);
    effects.destructive = members.flag_or("destructive", false);
    effects.idempotent = members.flag_or("idempotent", false);
    members.refuse_others();
    return effects;
}

// Of artifacts, and "jobs"; sorted.
std::vector<std::string> read_kinds(const Json& json, const std::string& where) {
    constexpr std::size_t most = 32;
    const auto refuse = [&] {
        refuse_manifest(where + " must be a list of 1 to " + std::to_string(most) +
                        " kinds of artifacts, such as \"simulation\", or \"jobs\".");
    };
    if (!json.is_array() || json.empty() || json.size() > most) refuse();
    std::set<std::string> kinds;
    for (const Json& kind : json) {
        if (!kind.is_string()) refuse();
        const auto& name = kind.get_ref<const std::string&>();
        if (name.size() > 32 || !consists_of(name, "abcdefghijklmnopqrstuvwxyz0123456789_")) refuse();
        kinds.insert(name);
    }
    return {kinds.begin(), kinds.end()};
}

std::chrono::milliseconds milliseconds(double seconds) {
    return std::chrono::milliseconds(std::llround(seconds * 1'000));
}

core::ToolSpec read_tool(const Json& json, const std::string& where) {
    ManifestMembers members(json, where);
    core::ToolSpec tool;
    tool.name = members.text("name");
    if (!is_tool_name(tool.name))
        refuse_manifest(members.at("name") + " must consist of at most 64 letters, digits and \"_\".");
    tool.title = members.text_or("title", tool.name, longest_title);
    tool.description = members.text("description", longest_description);
    tool.category = members.text("category");
    tool.input_schema = schema_text(members.need("input"), members.at("input"));
    if (const Json* output = members.find("output"))
        tool.output_schema = schema_text(*output, members.at("output"));
    tool.effects = read_effects(members.need("effects"), members.at("effects"));
    tool.time_limit = milliseconds(members.number_or("time_limit_s", 60, 0.001, 7 * 86'400));
    tool.job_after = milliseconds(members.number_or("job_after_s", 2, 0, 86'400));
    tool.memory_limit_mb = static_cast<std::int64_t>(members.number_or("memory_limit_mb", 512, 16, 1 << 20));
    tool.long_running = members.flag_or("long_running", false);
    tool.requires_project = members.flag_or("requires_project", false);
    if (const Json* kinds = members.find("looks_up"))
        tool.looks_up = read_kinds(*kinds, members.at("looks_up"));
    tool.phrases = members.phrases("phrases");
    tool.options = members.phrases("options");
    if (const Json* examples = members.find("examples"))
        tool.examples = shown_examples(read_examples(*examples, members.at("examples")));
    members.refuse_others();
    return tool;
}

// "1.0"
void read_abi(const std::string& text, Manifest& manifest) {
    const auto dot = text.find('.');
    const std::string major = text.substr(0, dot);
    const std::string minor = dot == std::string::npos ? "" : text.substr(dot + 1);
    if (!consists_of(major, "0123456789") || !consists_of(minor, "0123456789") || major.size() > 4 ||
        minor.size() > 4)
        refuse_manifest("abi must be two numbers, such as \"1.0\".");
    manifest.abi_major = std::stoi(major);
    manifest.abi_minor = std::stoi(minor);
}

// Models are told it with every message.
void check_told(const Manifest& manifest) {
    std::size_t told = 0;
    const core::ToolSpec* largest = manifest.tools.front().get();
    for (const auto& tool : manifest.tools) {
        told += told_of(*tool);
        if (told_of(*tool) > told_of(*largest)) largest = tool.get();
    }
    if (told > most_told)
        refuse_manifest("the names, descriptions and input schemas of its tools have " +
                        std::to_string(told) + " bytes, and may have " + std::to_string(most_told) +
                        " together, as models are told all of them with every message; the most are those "
                        "of " +
                        largest->name + ", " + std::to_string(told_of(*largest)) + ".");
}

void read_tools(const Json& json, Manifest& manifest) {
    if (!json.is_array() || json.empty() || json.size() > max_tools)
        refuse_manifest("tools must be a list of 1 to " + std::to_string(max_tools) + " tools.");
    std::set<std::string> names;
    for (std::size_t i = 0; i < json.size(); ++i) {
        core::ToolSpec tool = read_tool(json[i], "tools[" + std::to_string(i) + "]");
        if (!names.insert(tool.name).second)
            refuse_manifest("the tool " + tool.name + " stands in it twice.");
        tool.plugin = manifest.id;
        tool.plugin_version = manifest.version;
        manifest.tools.push_back(std::make_shared<const core::ToolSpec>(std::move(tool)));
    }
    check_told(manifest);
}

}  // namespace

Manifest parse_manifest(std::string_view text) {
    Json json;
    try {
        json = parse_strictly(text);
    } catch (const Error& error) {
        refuse_manifest(error.what());
    }
    ManifestMembers members(json, "it");
    Manifest manifest;
    manifest.id = members.text("id");
    if (!is_plugin_id(manifest.id))
        refuse_manifest("id must be a reverse domain name in lower case, such as \"org.example.greeter\".");
    manifest.name = members.text_or("name", manifest.id);
    manifest.version = members.text("version");
    if (!is_version(manifest.version)) refuse_manifest("version must be three numbers, such as \"1.0.0\".");
    read_abi(members.text("abi"), manifest);
    manifest.licence = members.text("licence");
    manifest.description = members.text_or("description", manifest.name, longest_description);
    read_tools(members.need("tools"), manifest);
    members.refuse_others();
    return manifest;
}

}  // namespace assistd::tools
