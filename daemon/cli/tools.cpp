// assistctl tools and assistctl status.

#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

std::string first_sentence(const std::string& text) {
    const std::size_t end = text.find(". ");
    return end == std::string::npos ? text : text.substr(0, end + 1);
}

// "integer, at least 10, at most 100000, default 500"
std::string rules_of(const Json& schema) {
    std::string text;
    const auto add = [&](const char* name, const std::string& words) {
        const std::string value = field(schema, name);
        if (!value.empty()) text += (text.empty() ? "" : ", ") + words + value;
    };
    add("type", "");
    add("enum", "one of ");
    add("minimum", "at least ");
    add("exclusiveMinimum", "more than ");
    add("maximum", "at most ");
    add("exclusiveMaximum", "less than ");
    add("default", "default ");
    return text;
}

bool is_required(const Json& schema, const std::string& name) {
    const auto required = schema.find("required");
    return required != schema.end() && std::find(required->begin(), required->end(), name) != required->end();
}

}  // namespace

ExitCode list_tools(Context& context, const std::string& category) {
    const std::string query = category.empty() ? "" : "?category=" + HttpClient::escaped(category);
    const Json page = context.api.get("/tools" + query);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"NAME", "CATEGORY", "WHAT IT DOES"}};
    for (const Json& tool : page.value("tools", Json::array()))
        rows.push_back(
            {field(tool, "name"), field(tool, "category"), first_sentence(field(tool, "description"))});
    print_list(context, page, rows,
               category.empty() ? "There are no tools." : "There are no tools in " + category + ".");
    return ExitCode::good;
}

ExitCode show_tool(Context& context, const std::string& name) {
    const Json tool = context.api.get("/tools/" + HttpClient::escaped(name));
    if (as_json(context, tool)) return ExitCode::good;
    context.out << harmless(field(tool, "name")) << "\n" << harmless(field(tool, "description")) << "\n\n";
    const Json schema = tool.value("input_schema", Json::object());
    std::vector<std::vector<std::string>> rows = {{"ARGUMENT", "", "RULES", "WHAT IT IS"}};
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [argument, about] : properties.items())
        rows.push_back({argument, is_required(schema, argument) ? "required" : "", rules_of(about),
                        field(about, "description")});
    if (rows.size() > 1) context.out << table(rows, context.terminal) << '\n';
    print_fields(context, {{"category", field(tool, "category")},
                           {"plugin", field(tool.value("plugin", Json::object()), "id")},
                           {"time limit", field(tool, "time_limit_s") + " s"}});
    return ExitCode::good;
}

ExitCode run_tool(Context& context, const std::string& name, const std::string& arguments,
                  const std::string& project) {
    const Json parsed = Json::parse(arguments.empty() ? "{}" : arguments, nullptr, false);
    if (!parsed.is_object())
        throw Failure(ExitCode::usage,
                      "The arguments must be one JSON object, such as '{\"n_particles\": 500}'.");
    Json body = {{"arguments", parsed}};
    if (!project.empty()) body["project_id"] = project;
    const Json result = context.api.post("/tools/" + HttpClient::escaped(name) + "/execute", body);
    const bool success = result.value("success", Json(false)) == true;
    if (as_json(context, result)) return success ? ExitCode::good : ExitCode::failed;
    if (!success) {
        const Json error = result.value("error", Json::object());
        throw Failure(ExitCode::failed, field(error, "error_type") + ": " + field(error, "message"));
    }
    const std::string summary = field(result, "summary");
    if (!summary.empty()) context.out << harmless(summary) << "\n";
    context.out << harmless(result.value("data", Json()).dump(2, ' ', false, Json::error_handler_t::replace))
                << '\n';
    print_files(context, result.value("artifacts", Json::array()).get<std::vector<Json>>());
    return ExitCode::good;
}

ExitCode status(Context& context) {
    HttpRequest request;
    request.path = "/readyz";
    const HttpReply ready = context.api.http().send(std::move(request));
    ApiClient::check(ready);
    const Json tools = context.api.get("/tools");
    Json document = {{"server", context.api.http().server()},
                     {"ready", true},
                     {"tools", tools.value("count", Json(0))},
                     {"plugins", tools.value("plugins", Json::array())}};
    if (as_json(context, document)) return ExitCode::good;
    context.out << "assistd answers at " << context.api.http().server() << " with "
                << field(document, "tools") << " tools.\n";
    for (const Json& plugin : document.at("plugins")) {
        const std::string reason = field(plugin, "reason");
        const std::string name = field(plugin, "id").empty() ? field(plugin, "file") : field(plugin, "id");
        context.out << "  " << harmless(name) << " " << harmless(field(plugin, "version")) << ": "
                    << harmless(field(plugin, "state")) << (reason.empty() ? "" : " - " + harmless(reason))
                    << '\n';
    }
    return ExitCode::good;
}

}  // namespace assistd::cli
