// The part of the door for revisions with a handshake: sessions, streams that may be taken up again, and
// questions to the client.

#include "api/mcp/call_result.h"
#include "api/mcp/door.h"
#include "api/mcp/event_reply.h"
#include "api/mcp/methods.h"
#include "api/mcp/revision.h"
#include "api/mcp/server_info.h"

namespace assistd::api::mcp {
namespace {

using http::Reply;
using http::Request;

Reply result_reply(const Json& id, Json result) {
    return Reply::json(to_text(result_message(id, std::move(result))));
}

void set_log_level(Session& session, const Json& params) {
    const Json& level = member(params, "level");
    if (!level.is_string() || !is_log_level(level.get_ref<const std::string&>()))
        throw RpcError(code::invalid_params,
                       "The level must be one of debug, info, notice, warning, error, critical, alert and "
                       "emergency.",
                       200);
    session.set_log_level(level.get<std::string>());
}

void take_notification(Session& session, const Message& message) {
    if (message.method == "notifications/cancelled")
        session.cancel(to_text(member(message.params, "requestId")));
}

}  // namespace

Task<Reply> Door::legacy(Request request, Message message) {
    check_legacy_version(request);
    if (message.kind == Message::Kind::request && message.method == "initialize")
        co_return initialize(request, message);
    const std::shared_ptr<Session> session = session_of(request);
    if (message.kind == Message::Kind::response) {
        session->answer(message.id, message.result);
        co_return Reply::empty(202);
    }
    if (message.kind == Message::Kind::notification) {
        take_notification(*session, message);
        co_return Reply::empty(202);
    }
    std::optional<RpcError> failure;
    try {
        if (message.method == "ping") co_return result_reply(message.id, Json::object());
        if (message.method == "tools/call") co_return call_in_session(request, message, session);
        if (message.method == "logging/setLevel") {
            set_log_level(*session, message.params);
            co_return result_reply(message.id, Json::object());
        }
        if (message.method == "tools/list")
            session->knows_tools(backend_.tools.offered_to(session->owner())->version);
        Question question{session->owner(), message.method, message.params, false};
        std::optional<Json> result = co_await answer(backend_, std::move(question));
        if (result) co_return result_reply(message.id, std::move(*result));
    } catch (const RpcError& error) {
        failure = error;
    }
    if (failure) throw *failure;
    throw RpcError(code::method_not_found, "There is no method " + to_text(Json(message.method)) + ".", 200);
}

Reply Door::initialize(const Request& request, const Message& message) {
    const Json& wanted = member(message.params, "protocolVersion");
    if (!wanted.is_string())
        throw RpcError(code::invalid_params, "The params must have a text protocolVersion.", 200);
    const std::string revision = negotiated(wanted.get_ref<const std::string&>());
    const bool elicits = can_elicit(member(message.params, "capabilities"));
    const std::shared_ptr<Session> session = sessions_.add(request.user, revision, elicits);
    session->knows_tools(backend_.tools.offered_to(session->owner())->version);
    Reply reply = result_reply(message.id, initialize_result(revision, backend_.instance));
    reply.with("Mcp-Session-Id", session->id());
    return reply;
}

std::shared_ptr<Session> Door::session_of(const Request& request) {
    const auto id = request.header("Mcp-Session-Id");
    if (!id)
        throw RpcError(code::invalid_request,
                       "The header Mcp-Session-Id is missing; the reply to initialize has it.", 400);
    std::shared_ptr<Session> session = sessions_.find(request.user, *id);
    if (!session)
        throw RpcError(code::invalid_request,
                       "There is no such session, or not any more; begin another with initialize.", 404);
    return session;
}

Reply Door::call_in_session(const Request& request, const Message& message,
                            const std::shared_ptr<Session>& session) {
    CallRequest wanted = read_call(request, message);
    wanted.session = session;
    wanted.can_elicit = session->can_elicit();
    wanted.log_level = session->log_level();
    const std::shared_ptr<Call> call = make_call(std::move(wanted), time_to_come_back);
    if (!call->enter_session())
        throw RpcError(code::invalid_request, "A request with this id is running already.", 400);
    EventReply events;
    events.log = call->log();
    events.stream = session->add_stream(call->log());
    events.primed = primes_streams(session->revision());
    events.gone = request.gone;
    events.begin = [call, executor = executor_] { call->start(executor); };
    return event_reply(std::move(events));
}

Reply Door::general_stream(const Request& request, const std::shared_ptr<Session>& session) {
    EventReply events;
    events.log = session->stream(0);
    events.stream = 0;
    events.after = events.log->given();
    events.primed = primes_streams(session->revision());
    events.gone = request.gone;
    return event_reply(std::move(events));
}

Reply Door::resumed_stream(const Request& request, const std::shared_ptr<Session>& session,
                           const std::string& last_event) {
    const auto place = place_of(last_event);
    EventReply events;
    if (place) events.log = session->stream(place->stream);
    if (!events.log)
        throw RpcError(code::invalid_request, "There is no event of this id, or not any more.", 400);
    events.stream = place->stream;
    events.after = place->message;
    events.gone = request.gone;
    return event_reply(std::move(events));
}

}  // namespace assistd::api::mcp
