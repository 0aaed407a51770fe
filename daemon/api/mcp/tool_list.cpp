#include "api/mcp/tool_list.h"

#include <algorithm>

#include "base/mcp_origin.h"

namespace assistd::api::mcp {
namespace {

constexpr std::size_t page_size = 100;
constexpr std::string_view cursor_prefix = "after:";

Json object_schema(const std::string& text) {
    Json schema = Json::parse(text, nullptr, false);
    if (!schema.is_object()) schema = Json::object();
    return schema;
}

// Clients that are strict take an input schema only when it says that it is an object's.
Json input_schema(const core::ToolSpec& tool) {
    Json schema = object_schema(tool.input_schema);
    schema["type"] = "object";
    if (!schema.contains("properties")) schema["properties"] = Json::object();
    // An invitation to repeat arguments in HTTP headers, which are not looked at here.
    for (auto& property : schema["properties"])
        if (property.is_object()) property.erase("x-mcp-header");
    if (takes_project(tool)) {
        schema["properties"]["project_id"] = {{"type", "string"},
                                              {"description", "The id of the project that it works on"}};
        schema["required"].push_back("project_id");
    }
    return schema;
}

Json annotations(const core::ToolSpec& tool) {
    const core::ToolEffects& effects = tool.effects;
    return {{"title", tool.title},
            {"readOnlyHint", !effects.writes && !effects.destructive},
            {"destructiveHint", effects.destructive},
            {"idempotentHint", effects.idempotent},
            {"openWorldHint", effects.network}};
}

Json render(const core::ToolSpec& tool) {
    Json json = {{"name", tool.name}, {"title", tool.title}, {"description", tool.description}};
    json["inputSchema"] = input_schema(tool);
    if (tells_output(tool)) json["outputSchema"] = object_schema(tool.output_schema);
    json["annotations"] = annotations(tool);
    if (!tool.came_through.empty()) json["_meta"][mcp_came_through_key] = tool.came_through;
    return json;
}

// The name behind which a page begins.
std::string name_before(const Json& cursor) {
    if (cursor.is_null()) return "";
    const std::string text = cursor.is_string() ? cursor.get<std::string>() : "";
    if (!text.starts_with(cursor_prefix))
        throw RpcError(code::invalid_params, "The cursor is none of tools/list.", 200);
    return text.substr(cursor_prefix.size());
}

}  // namespace

bool tells_output(const core::ToolSpec& tool) {
    return member(object_schema(tool.output_schema), "type") == "object";
}

bool takes_project(const core::ToolSpec& tool) {
    if (!tool.requires_project) return false;
    const Json schema = object_schema(tool.input_schema);
    return !member(schema, "properties").contains("project_id");
}

Json tool_list(const core::ToolSet& tools, const Json& cursor) {
    const std::string before = name_before(cursor);
    const auto first = std::find_if(tools.tools.begin(), tools.tools.end(),
                                    [&](const auto& tool) { return before.empty() || tool->name > before; });
    Json page = Json::array();
    auto tool = first;
    for (; tool != tools.tools.end() && page.size() < page_size; ++tool) page.push_back(render(**tool));
    Json result = {{"tools", std::move(page)}};
    if (tool != tools.tools.end())
        result["nextCursor"] = std::string(cursor_prefix) + (*std::prev(tool))->name;
    return result;
}

}  // namespace assistd::api::mcp
