// The part of the door for revisions in which every request stands for itself.

#include "api/mcp/door.h"
#include "api/mcp/event_reply.h"
#include "api/mcp/methods.h"
#include "api/mcp/revision.h"
#include "api/mcp/server_info.h"

namespace assistd::api::mcp {
namespace {

using http::Reply;
using http::Request;

constexpr std::int64_t an_hour = 3'600'000;

Reply result_reply(const Json& id, Json result) {
    return Reply::json(to_text(result_message(id, modern_result(std::move(result)))));
}

// The answer to the question that an earlier call was answered with, if there was one.
std::optional<std::string> answer_in(const Json& params) {
    const Json& given = member(member(params, "inputResponses"), "approval");
    const Json& action = member(given, "action");
    if (!action.is_string()) return std::nullopt;
    return action.get<std::string>();
}

}  // namespace

Task<Reply> Door::modern(Request request, Message message) {
    if (message.kind == Message::Kind::response)
        throw RpcError(code::invalid_request,
                       "In this revision nothing is asked that a response could answer.");
    check_modern(request, message);
    if (message.kind == Message::Kind::notification) co_return Reply::empty(202);
    if (message.method == "server/discover")
        co_return result_reply(message.id, cached(discover_result(backend_.instance), an_hour, true));
    if (message.method == "tools/call") co_return modern_call(request, message);
    if (message.method == "subscriptions/listen") co_return listen(request, message);
    Question question{request.user, message.method, message.params, true};
    std::optional<Json> result = co_await answer(backend_, std::move(question));
    if (!result)
        throw RpcError(code::method_not_found, "There is no method " + to_text(Json(message.method)) + ".",
                       404);
    co_return result_reply(message.id, std::move(*result));
}

Reply Door::modern_call(const Request& request, const Message& message) {
    CallRequest wanted = read_call(request, message);
    const ModernMeta meta = check_modern(request, message);
    wanted.can_elicit = meta.elicitation;
    wanted.log_level = meta.log_level;
    wanted.answer = answer_in(message.params);
    const Json& state = member(message.params, "requestState");
    if (wanted.answer || !state.is_null()) {
        const std::string text = state.is_string() ? state.get<std::string>() : "";
        if (!questions_.take(wanted.owner, text, wanted.same_call))
            throw RpcError(code::invalid_params,
                           "The requestState belongs to no open question about this call; call again without "
                           "it.",
                           200);
    }
    const std::shared_ptr<Call> call = make_call(std::move(wanted), std::chrono::seconds(0));
    EventReply events;
    events.log = call->log();
    events.gone = request.gone;
    events.begin = [call, executor = executor_] { call->start(executor); };
    return event_reply(std::move(events));
}

Reply Door::listen(const Request& request, const Message& message) {
    const Json& wanted = member(message.params, "notifications");
    if (!wanted.is_object())
        throw RpcError(code::invalid_params, "The params must have an object notifications.", 200);
    const bool to_tools = member(wanted, "toolsListChanged") == true;
    const std::uint64_t version = backend_.tools.offered_to(request.user)->version;
    EventReply events;
    events.log = listeners_.add(request.user, message.id, to_tools, version);
    events.gone = request.gone;
    events.log->when_left([this, log = std::weak_ptr(events.log)] { listeners_.remove(log.lock()); });
    return event_reply(std::move(events));
}

}  // namespace assistd::api::mcp
