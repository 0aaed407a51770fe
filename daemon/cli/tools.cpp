// assistctl tools and assistctl status.

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

// For a table: some descriptions are pages.
std::string first_sentence(const std::string& text) {
    constexpr std::size_t longest = 300;
    const std::size_t end = text.find(". ");
    const std::string_view sentence =
        std::string_view(text).substr(0, end == std::string::npos ? end : end + 1);
    const std::string_view part = whole_characters(sentence, longest);
    return std::string(part) + (part.size() < sentence.size() ? "…" : "");
}

// Numbers as people write them: 1000000000000.0 is 1e+12.
std::string value_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return fmt::format("{:g}", value.get<double>());
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string joined(const Json& values, const std::string& between) {
    if (!values.is_array()) return value_text(values);
    std::string text;
    for (const Json& value : values) text += (text.empty() ? "" : between) + value_text(value);
    return text;
}

// "10 to 100", "at least 10", "more than 0, at most 1"
std::string bounds_of(const Json& schema, const char* least, const char* most) {
    const std::string from = value_text(schema.value(least, Json("")));
    const std::string to = value_text(schema.value(most, Json("")));
    if (!from.empty() && !to.empty()) return from + " to " + to;
    if (!from.empty()) return "at least " + from;
    return to.empty() ? "" : "at most " + to;
}

// "integer", "list of artifacts' handles"
std::string type_of(const Json& schema) {
    if (field(schema, "format") == "artifact") return "an artifact's handle";
    const Json items = schema.value("items", Json());
    if (!items.is_object()) return schema.contains("type") ? joined(schema.at("type"), " or ") : "any value";
    if (field(items, "format") == "artifact") return "list of artifacts' handles";
    return "list of " + (items.contains("type") ? joined(items.at("type"), " or ") : std::string("values"));
}

// ", 10 to 100000, a multiple of 5"
std::string limits_of(const Json& schema) {
    const auto has = [&](const char* name) { return schema.contains(name); };
    std::string text;
    const auto add = [&](const std::string& words, const std::string& unit = "") {
        if (!words.empty()) text += ", " + words + unit;
    };
    if (has("enum")) add("one of " + joined(schema.at("enum"), ", "));
    if (has("exclusiveMinimum")) add("more than " + value_text(schema.at("exclusiveMinimum")));
    add(bounds_of(schema, "minimum", "maximum"));
    if (has("exclusiveMaximum")) add("less than " + value_text(schema.at("exclusiveMaximum")));
    if (has("multipleOf")) add("a multiple of " + value_text(schema.at("multipleOf")));
    add(bounds_of(schema, "minLength", "maxLength"), " characters");
    if (has("pattern")) add("like " + value_text(schema.at("pattern")));
    add(bounds_of(schema, "minItems", "maxItems"), " of them");
    if (schema.value("uniqueItems", Json()) == true) add("no two alike");
    return text;
}

// "integer, required, 10 to 100000, default 500"
std::string rules_of(const Json& schema, bool required) {
    if (!schema.is_object()) return required ? "any value, required" : "any value";
    const Json items = schema.value("items", Json());
    const std::string of_each = items.is_object() ? limits_of(items) : "";
    return type_of(schema) + (required ? ", required" : "") + limits_of(schema) +
           (of_each.empty() ? "" : ", each" + of_each.substr(1)) +
           (schema.contains("default") ? ", default " + value_text(schema.at("default")) : "");
}

bool is_required(const Json& schema, const std::string& name) {
    const auto required = schema.find("required");
    return required != schema.end() && std::find(required->begin(), required->end(), name) != required->end();
}

// Each argument with its rules beside it and what it is below.
void print_arguments(Context& context, const Json& schema) {
    const Json properties = schema.value("properties", Json::object());
    if (properties.empty()) {
        context.out << "\nIt takes no arguments.\n";
        return;
    }
    std::size_t widest = 0;
    for (const auto& [name, about] : properties.items()) widest = std::max(widest, width(harmless(name)));
    const std::size_t indent = widest + 4;
    context.out << "\nArguments\n";
    for (const auto& [name, about] : properties.items()) {
        const std::string shown = "  " + harmless(name);
        const std::string rules = rules_of(about, is_required(schema, name));
        context.out << shown << std::string(indent - width(shown), ' ')
                    << paragraph(context, rules, indent).substr(indent) << '\n';
        const std::string description = field(about, "description");
        if (!description.empty()) context.out << paragraph(context, description, indent) << '\n';
    }
}

// "190 of 200 calls a day left (run_dla_simulation)"
std::string quota_text(const Json& quota) {
    const std::string per = field(quota, "per");
    std::string text = field(quota, "remaining") + " of " + field(quota, "limit") + " calls " +
                       (per == "at_once" ? "at once" : "a " + per) + " left";
    const Json tools = quota.value("tools", Json::array());
    text += " (" + (tools.empty() ? "all tools together" : joined(tools, ", ")) + ")";
    const std::string free_at = field(quota, "free_at");
    if (!free_at.empty()) text += "; free again at " + when(free_at) + " UTC";
    return text;
}

void print_access(Context& context, const Json& tool) {
    std::vector<std::pair<std::string, std::string>> fields;
    if (tool.value("allowed", Json(true)) == false) fields.emplace_back("not allowed", field(tool, "reason"));
    for (const Json& quota : tool.value("quotas", Json::array()))
        fields.emplace_back("limit", quota_text(quota));
    print_fields(context, fields);
}

// "reads, writes, destructive"
std::string effects_of(const Json& tool) {
    const Json effects = tool.value("effects", Json::object());
    std::string names;
    for (const char* effect : {"reads", "writes", "network", "destructive", "idempotent"})
        if (effects.value(effect, Json(false)) == true)
            names += (names.empty() ? "" : ", ") + std::string(effect);
    return names;
}

// "analysis, simulation"
std::string looked_up_by(const Json& tool) {
    std::string kinds;
    for (const Json& kind : tool.value("looks_up", Json::array()))
        if (kind.is_string()) kinds += (kinds.empty() ? "" : ", ") + kind.get<std::string>();
    return kinds;
}

}  // namespace

ExitCode list_tools(Context& context, const std::string& category) {
    const std::string query = category.empty() ? "" : "?category=" + HttpClient::escaped(category);
    const Json page = context.api.get("/tools" + query);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"NAME", "CATEGORY", "WHAT IT DOES"}};
    for (const Json& tool : page.value("tools", Json::array()))
        rows.push_back({field(tool, "name"), field(tool, "category"),
                        (tool.value("allowed", Json(true)) == false ? "(not for you) " : "") +
                            first_sentence(field(tool, "description"))});
    print_list(context, page, rows,
               category.empty() ? "There are no tools." : "There are no tools in " + category + ".",
               LastColumn::wraps);
    return ExitCode::good;
}

ExitCode show_tool(Context& context, const std::string& name) {
    const Json tool = context.api.get("/tools/" + HttpClient::escaped(name));
    if (as_json(context, tool)) return ExitCode::good;
    const std::string title = field(tool, "title");
    context.out << harmless(field(tool, "name") + (title.empty() ? "" : " - " + title)) << "\n"
                << paragraph(context, field(tool, "description")) << "\n";
    print_arguments(context, tool.value("input_schema", Json::object()));
    const Json limit = tool.value("time_limit_s", Json());
    const bool asks = tool.value("needs_approval", Json(false)) == true;
    context.out << '\n';
    print_fields(context, {{"category", field(tool, "category")},
                           {"plugin", field(tool.value("plugin", Json::object()), "id")},
                           {"effects", effects_of(tool)},
                           {"looks up", looked_up_by(tool)},
                           {"approval", asks ? "a person is asked before it runs for a model" : ""},
                           {"time limit", limit.is_number() ? seconds_text(limit.get<double>()) : ""}});
    print_access(context, tool);
    return ExitCode::good;
}

ExitCode run_tool(Context& context, const std::string& name, const std::string& arguments,
                  const std::string& project) {
    const Json parsed = Json::parse(arguments.empty() ? "{}" : arguments, nullptr, false);
    if (!parsed.is_object())
        throw Failure(ExitCode::usage,
                      "The arguments must be one JSON object, such as '{\"n_particles\": 500}'.");
    Json body = {{"arguments", parsed}};
    if (!project.empty()) body["project_id"] = project_id(context, project);
    const Json result = context.api.post("/tools/" + HttpClient::escaped(name) + "/execute", body);
    const bool success = result.value("success", Json(false)) == true;
    const bool all = as_json(context, result);
    if (!success) {
        const Json error = result.value("error", Json::object());
        throw Failure(ExitCode::failed, field(error, "error_type") + ": " + field(error, "message"),
                      "tool_error", field(error, "error_type"));
    }
    if (all) return ExitCode::good;
    const std::string summary = field(result, "summary");
    if (!summary.empty()) context.out << harmless(summary) << "\n";
    context.out << harmless(result.value("data", Json()).dump(2, ' ', false, Json::error_handler_t::replace))
                << '\n';
    print_files(context, result.value("artifacts", Json::array()).get<std::vector<Json>>());
    return ExitCode::good;
}

ExitCode status(Context& context) {
    context.api.must_be_ready();
    const Json tools = context.api.get("/tools");
    Json document = {{"server", context.api.http().server()},
                     {"ready", true},
                     {"tools", tools.value("count", Json(0))},
                     {"plugins", tools.value("plugins", Json::array())}};
    if (as_json(context, document)) return ExitCode::good;
    context.out << paragraph(context, "assistd answers at " + context.api.http().server() + " with " +
                                          counted(field(document, "tools"), "tool") + ".")
                << '\n';
    for (const Json& plugin : document.at("plugins")) {
        const std::string reason = field(plugin, "reason");
        const std::string name = field(plugin, "id").empty() ? field(plugin, "file") : field(plugin, "id");
        const std::string version = field(plugin, "version");
        context.out << "  " << harmless(name) << (version.empty() ? "" : " " + harmless(version)) << ": "
                    << harmless(field(plugin, "state")) << (reason.empty() ? "" : " - " + harmless(reason))
                    << '\n';
    }
    return ExitCode::good;
}

}  // namespace assistd::cli
