#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/conversations/render.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::conversations {
namespace {

// {"arguments": {}, "project_id"?}, or the arguments themselves at top level.
Task<core::ToolCall> read_call(const Services& services, const Request& request) {
    Query(request).finish();
    core::ToolCall call;
    call.name = request.path_value("name");
    call.call_id = "call_" + Uuid::make().hex();
    call.owner = request.user;
    call.stop = request.gone;
    JsonBody body(request, true);
    if (!body.has("arguments")) {
        call.arguments = body.whole();
        co_return call;
    }
    call.arguments = body.object("arguments").value_or("{}");
    const auto project = co_await read_project(services, request.user, body);
    call.project_id = project.value_or("");
    body.finish();
    co_return call;
}

std::shared_ptr<const core::ToolSpec> tool_in(const core::ToolSet& tools, const Request& request) {
    for (const auto& tool : tools.tools)
        if (tool->name == request.path_value("name")) return tool;
    throw Error(ErrorCode::not_found,
                "There is no tool \"" + request.path_value("name").substr(0, 80) + "\".");
}

}  // namespace

Task<Reply> list_tools(const Services& services, Request request) {
    Query query(request);
    const auto category = query.text("category");
    query.finish();
    const std::shared_ptr<const core::ToolSet> all = services.tools.all();
    Json tools = Json::array();
    std::map<std::string, int> categories;
    for (const auto& tool : all->tools) {
        ++categories[tool->category];
        if (!category || *category == tool->category) tools.push_back(render(*tool));
    }
    Json plugins = Json::array();
    for (const core::PluginStatus& plugin : services.tools.plugins()) plugins.push_back(render(plugin));
    Json json;
    json["count"] = tools.size();
    json["tools"] = std::move(tools);
    json["categories"] = categories;
    json["plugins"] = std::move(plugins);
    co_return Reply::json(to_text(json));
}

Task<Reply> show_tool(const Services& services, Request request) {
    Query(request).finish();
    const std::shared_ptr<const core::ToolSet> all = services.tools.all();
    co_return Reply::json(to_text(render(*tool_in(*all, request))));
}

Task<Reply> execute_tool(const Services& services, Request request) {
    const std::shared_ptr<const core::ToolSet> all = services.tools.all();
    tool_in(*all, request);  // a path that names no tool is not found; what the tool says is its result
    core::ToolCall call = co_await read_call(services, request);
    const core::ProgressSink nobody = [](const core::ToolProgress&) {};
    const core::ToolOutcome outcome = co_await services.tools.execute(std::move(call), nobody);
    co_return Reply::json(outcome.body);
}

}  // namespace assistd::api::conversations
