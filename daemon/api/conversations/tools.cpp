#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/conversations/render.h"
#include "api/json_body.h"
#include "api/query.h"
#include "core/project_check.h"

namespace assistd::api::conversations {
namespace {

// Whether the tool has an argument of its own by that name.
bool has_argument(const core::ToolSpec& tool, const char* name) {
    const Json schema = Json::parse(tool.input_schema, nullptr, false);
    if (!schema.is_object()) return false;
    const auto properties = schema.find("properties");
    return properties != schema.end() && properties->is_object() && properties->contains(name);
}

// `arguments` with one more.
std::string with_argument(const std::string& arguments, const char* name, const std::string& value) {
    Json json = Json::parse(arguments);
    json[name] = value;
    return to_text(json);
}

// What is said against the project that the arguments themselves name.
Task<std::optional<std::string>> problem_in_arguments(const Services& services, core::Owner owner,
                                                      std::string arguments) {
    const Json json = Json::parse(arguments, nullptr, false);
    const auto project = json.is_object() ? json.find("project_id") : json.end();
    if (project == json.end() || !project->is_string()) co_return std::nullopt;
    co_return co_await core::problem_with_project(services.projects, std::move(owner),
                                                  project->get<std::string>());
}

// {"arguments": {}, "project_id"?}, or the arguments themselves at top level, among which project_id is the
// call's own all the same; a tool that has an argument of that name is given it too.
Task<core::ToolCall> read_call(const Services& services, const Request& request,
                               std::shared_ptr<const core::ToolSpec> tool) {
    Query(request).finish();
    core::ToolCall call;
    call.name = request.path_value("name");
    call.call_id = "call_" + Uuid::make().hex();
    call.owner = request.user;
    call.stop = request.gone;
    JsonBody body(request, true);
    const auto project = co_await read_project(services, request.user, body);
    call.project_id = project.value_or("");
    const bool enveloped = body.has("arguments");
    call.arguments = enveloped ? body.object("arguments").value_or("{}") : body.rest();
    if (enveloped && has_argument(*tool, "project_id")) {
        const auto problem = co_await problem_in_arguments(services, request.user, call.arguments);
        if (problem) body.wrong("arguments.project_id", *problem);
    }
    body.finish();
    if (!enveloped && project && has_argument(*tool, "project_id"))
        call.arguments = with_argument(call.arguments, "project_id", *project);
    co_return call;
}

std::shared_ptr<const core::ToolSpec> tool_in(const core::ToolSet& tools, const Request& request) {
    for (const auto& tool : tools.tools)
        if (tool->name == request.path_value("name")) return tool;
    if (const core::WaitingTool* tool = tools.find_waiting(request.path_value("name")))
        throw Error(ErrorCode::not_found, tool->reason);
    throw Error(ErrorCode::not_found,
                "There is no tool \"" + request.path_value("name").substr(0, 80) + "\".");
}

// A result of a call that was let in is good HTTP, whatever it says. A refused one is a problem as well, so
// that programs and proxies see one: the error has what both have.
Reply reply_for(const core::ToolOutcome& outcome, const Request& request) {
    using core::CallRefusal;
    const bool by_limit = outcome.refusal == CallRefusal::per_minute ||
                          outcome.refusal == CallRefusal::per_day || outcome.refusal == CallRefusal::at_once;
    const bool by_quarantine = outcome.refusal == CallRefusal::quarantine;
    if (!by_limit && !by_quarantine && outcome.refusal != CallRefusal::rule) return Reply::json(outcome.body);
    const ErrorCode code = by_limit        ? ErrorCode::rate_limited
                           : by_quarantine ? ErrorCode::unavailable
                                           : ErrorCode::forbidden;
    Json body = Json::parse(outcome.body);
    Json& error = body["error"];
    error["type"] = by_limit ? "rate_limit_error" : by_quarantine ? "unavailable_error" : "permission_error";
    error["code"] = name_of(code);
    error["request_id"] = request.request_id;
    Reply reply = Reply::json(to_text(body), status_of(code));
    if (outcome.retry_after) reply.with("Retry-After", std::to_string(outcome.retry_after->count()));
    return reply;
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
        if (category && *category != tool->category) continue;
        const core::ToolAccess access = co_await services.tools.access(request.user, tool);
        tools.push_back(render(access));
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
    const auto tool = tool_in(*all, request);
    const core::ToolAccess access = co_await services.tools.access(request.user, tool);
    Json json = render(access);
    json["examples"] = Json::parse(tool->examples);  // not in the list, which clients fetch often
    co_return Reply::json(to_text(json));
}

Task<Reply> execute_tool(const Services& services, Request request) {
    const std::shared_ptr<const core::ToolSet> all = services.tools.all();
    // A path that names no tool is not found; what the tool says is its result.
    const std::shared_ptr<const core::ToolSpec> tool = tool_in(*all, request);
    core::ToolCall call = co_await read_call(services, request, tool);
    const core::ProgressSink nobody = [](const core::ToolProgress&) {};
    const core::ToolOutcome outcome = co_await services.tools.execute(std::move(call), nobody);
    co_return reply_for(outcome, request);
}

}  // namespace assistd::api::conversations
