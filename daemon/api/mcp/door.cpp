#include "api/mcp/door.h"

#include <algorithm>

#include "api/mcp/revision.h"
#include "api/mcp/tool_list.h"
#include "base/error.h"
#include "http/text.h"

namespace assistd::api::mcp {
namespace {

using http::Reply;
using http::Request;

constexpr std::int64_t most_bytes = 4 << 20;

// Whether the header lists the type; without the header everything is taken.
bool accepts(const Request& request, std::string_view type) {
    const auto header = request.header("Accept");
    if (!header) return true;
    const std::string family = std::string(type.substr(0, type.find('/'))) + "/*";
    bool found = false;
    http::for_each_item(*header, [&](std::string_view item) {
        item = http::trim(item.substr(0, item.find(';')));
        found = found || http::equal_ignoring_case(item, type) || http::equal_ignoring_case(item, family) ||
                item == "*/*";
    });
    return found;
}

void check_post(const Request& request) {
    const std::string type = request.header("Content-Type").value_or("");
    if (!http::equal_ignoring_case(type.substr(0, type.find_first_of("; ")), "application/json"))
        throw RpcError(code::invalid_request, "The Content-Type must be application/json.", 415);
    if (!accepts(request, "application/json") || !accepts(request, "text/event-stream"))
        throw RpcError(code::invalid_request,
                       "The header Accept must list both application/json and text/event-stream.", 406);
}

RpcError as_rpc(const Error& error) {
    const bool internal = error.code() == ErrorCode::internal || error.code() == ErrorCode::unavailable;
    return {internal ? code::internal_error : code::invalid_request, error.what(), status_of(error.code())};
}

Reply error_reply(const Json& id, const RpcError& error) {
    return Reply::json(to_text(error_message(id, error)), error.status());
}

std::shared_ptr<const core::ToolSpec> tool_of(const core::ToolSet& tools, const std::string& name) {
    for (const auto& tool : tools.tools)
        if (tool->name == name) return tool;
    return nullptr;
}

}  // namespace

Door::Door(Backend backend, Executor executor, DoorOptions options)
    : backend_(backend),
      executor_(std::move(executor)),
      approval_timeout_(options.approval_timeout),
      sessions_(options.sessions),
      questions_(options.approval_timeout) {}

Door::~Door() = default;

void Door::add_routes(http::Router& router) {
    const http::RouteOptions options{
        .max_body = most_bytes, .foreign_origins_may_read = false, .needs = http::Needs::tools};
    router.add(
        http::Method::post, "/mcp", [this](Request request) { return post(std::move(request)); }, options);
    router.add(
        http::Method::get, "/mcp", [this](Request request) { return get(std::move(request)); }, options);
    router.add(
        http::Method::del, "/mcp", [this](Request request) { return remove(std::move(request)); }, options);
    router.render_errors_below(
        "/mcp", [](const Error& error, std::string_view) { return error_reply(nullptr, as_rpc(error)); });
}

Task<Reply> Door::post(Request request) {
    Json id;
    std::optional<RpcError> failure;
    try {
        check_post(request);
        Message message = read_message(request.body);
        id = message.id;
        if (stopping_) throw RpcError(code::internal_error, "The daemon is shutting down.", 503);
        request.body.clear();
        if (is_modern(request, message)) co_return co_await modern(std::move(request), std::move(message));
        co_return co_await legacy(std::move(request), std::move(message));
    } catch (const RpcError& error) {
        failure = error;
    } catch (const Error& error) {
        if (error.code() == ErrorCode::internal) throw;
        failure = as_rpc(error);
    }
    co_return error_reply(id, *failure);
}

Task<Reply> Door::get(Request request) {
    std::optional<RpcError> failure;
    try {
        if (request.header("MCP-Protocol-Version") == modern_revision)
            throw RpcError(code::invalid_request,
                           "This revision has no GET; subscriptions/listen tells what changes.", 405);
        if (!accepts(request, "text/event-stream"))
            throw RpcError(code::invalid_request, "The header Accept must list text/event-stream.", 406);
        if (stopping_) throw RpcError(code::internal_error, "The daemon is shutting down.", 503);
        check_legacy_version(request);
        const std::shared_ptr<Session> session = session_of(request);
        const auto last_event = request.header("Last-Event-ID");
        co_return last_event ? resumed_stream(request, session, *last_event)
                             : general_stream(request, session);
    } catch (const RpcError& error) {
        failure = error;
    }
    Reply reply = error_reply(nullptr, *failure);
    if (failure->status() == 405) reply.with("Allow", "POST");
    co_return reply;
}

Task<Reply> Door::remove(Request request) {
    std::optional<RpcError> failure;
    try {
        if (request.header("MCP-Protocol-Version") == modern_revision)
            throw RpcError(code::invalid_request, "This revision has no sessions, so there is none to end.",
                           405);
        check_legacy_version(request);
        sessions_.remove(session_of(request));
        co_return Reply::empty(204);
    } catch (const RpcError& error) {
        failure = error;
    }
    Reply reply = error_reply(nullptr, *failure);
    if (failure->status() == 405) reply.with("Allow", "POST");
    co_return reply;
}

CallRequest Door::read_call(const Request& request, const Message& message) const {
    const Json& params = message.params;
    const Json& name = member(params, "name");
    if (!name.is_string()) throw RpcError(code::invalid_params, "The params must have a text name.", 200);
    CallRequest call;
    call.id = message.id;
    call.owner = request.user;
    const auto tools = backend_.tools.offered_to(call.owner);
    const auto& wanted = name.get_ref<const std::string&>();
    call.tool = tool_of(*tools, wanted);
    if (!call.tool) {
        const core::WaitingTool* waiting = tools->find_waiting(wanted);
        if (waiting) throw RpcError(code::invalid_params, waiting->reason, 200);
        // One that a rule denies is not listed; the call is refused with the rule, and recorded, as
        // everywhere.
        call.tool = tool_of(*backend_.tools.all(), wanted);
    }
    if (!call.tool)
        throw RpcError(code::invalid_params, "There is no tool " + to_text(Json(wanted.substr(0, 80))) + ".",
                       200);
    Json arguments = member(params, "arguments");
    if (arguments.is_null()) arguments = Json::object();
    if (!arguments.is_object()) throw RpcError(code::invalid_params, "The arguments must be an object.", 200);
    if (takes_project(*call.tool) && member(arguments, "project_id").is_string()) {
        call.project_id = arguments["project_id"].get<std::string>();
        arguments.erase("project_id");
    }
    call.arguments = to_text(arguments);
    // The same, in whichever order a client repeats the arguments.
    call.same_call =
        call.tool->name + "\n" + call.project_id + "\n" + nlohmann::json::parse(call.arguments).dump();
    const Json& token = member(member(params, "_meta"), "progressToken");
    if (token.is_string() || token.is_number_integer()) call.progress_token = token;
    return call;
}

std::shared_ptr<Call> Door::make_call(CallRequest request, std::chrono::seconds grace) {
    auto call = std::make_shared<Call>(backend_, questions_, *approval_timeout_.latest(), std::move(request));
    call->stop_when_left(executor_, grace);
    const std::lock_guard lock(mutex_);
    std::erase_if(calls_, [](const std::weak_ptr<Call>& old) { return old.expired(); });
    calls_.push_back(call);
    return call;
}

void Door::tools_changed() {
    const auto version_for = [this](const core::Owner& owner) {
        return backend_.tools.offered_to(owner)->version;
    };
    for (const auto& session : sessions_.all()) session->tools_changed(version_for(session->owner()));
    listeners_.tools_changed(version_for);
}

void Door::stop() {
    stopping_ = true;
    std::vector<std::weak_ptr<Call>> calls;
    {
        const std::lock_guard lock(mutex_);
        calls.swap(calls_);
    }
    for (const auto& held : calls)
        if (const auto call = held.lock()) call->stop_with_daemon();
    listeners_.end_all();
    sessions_.end_all();
}

}  // namespace assistd::api::mcp
