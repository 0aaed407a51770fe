// The REST wrapper around ChatKit: sessions of one thread each, with replies of {"success", "data" |
// "error"}. A session is a conversation, so its id is that one's in the form of a UUID, and its thread's id
// is the same.

#include "api/came_by.h"
#include "api/chatkit/door.h"
#include "base/blank.h"
#include "base/sha256.h"
#include "base/utf8.h"

namespace assistd::api::chatkit {
namespace {

constexpr int listed_sessions = 100;

// "0192…" -> "0192…-…": as the wrapper's clients write UUIDs.
std::string uuid_text(const std::string& hex) {
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) +
           "-" + hex.substr(20, 12);
}

std::optional<ConversationId> id_from(std::string text) {
    if (text.size() == 36) std::erase(text, '-');
    const auto uuid = Uuid::from_hex(text);
    if (!uuid) return std::nullopt;
    return ConversationId{*uuid};
}

// A user's name as a UUID: always the same one (version 8 of RFC 9562, out of a SHA-256).
std::string user_id(const core::Owner& user) {
    std::string hex = sha256("assistd user " + user).substr(0, 32);
    hex[12] = '8';
    hex[16] = '8';
    return uuid_text(hex);
}

struct Code {
    int status;
    const char* name;
};

// `field` says what an error is about where its kind does not.
Code code_of(const Error& error) {
    const std::string field = error.fields().empty() ? std::string() : error.fields().front().field;
    switch (error.code()) {
        case ErrorCode::unauthenticated:
            return {401, "UNAUTHORIZED"};
        case ErrorCode::forbidden:
            return {403, "FORBIDDEN"};
        case ErrorCode::not_found:
            return {404, field == "thread" ? "THREAD_NOT_FOUND" : "SESSION_NOT_FOUND"};
        case ErrorCode::rate_limited:
            // The wrapper's own limits are those that time alone does not lift.
            return {429, error.retry_after() ? "RATE_LIMITED" : "SESSION_LIMIT"};
        case ErrorCode::provider_failed:
        case ErrorCode::provider_timeout:
        case ErrorCode::context_too_long:
            return {502, "UPSTREAM_ERROR"};
        case ErrorCode::unavailable:
            return {503, "SERVICE_UNAVAILABLE"};
        case ErrorCode::internal:
            return {500, "INTERNAL_ERROR"};
        case ErrorCode::validation:
            if (field == "message_length") return {422, "MESSAGE_TOO_LONG"};
            return {400, field == "message_text" ? "EMPTY_MESSAGE" : "INVALID_REQUEST"};
        default:
            return {status_of(error.code()), "INVALID_REQUEST"};
    }
}

http::Reply render_error(const Error& error, std::string_view request_id) {
    const Code code = code_of(error);
    const bool is_internal = error.code() == ErrorCode::internal;
    const std::string sentence = is_internal
                                     ? "Something went wrong in the server; its log has more of request " +
                                           std::string(request_id) + "."
                                     : error.what();
    const Json body = {{"success", false}, {"error", {{"code", code.name}, {"message", sentence}}}};
    http::Reply reply = http::Reply::json(to_text(body), code.status);
    // Waiting makes no room for more sessions or messages.
    if (error.code() != ErrorCode::rate_limited || error.retry_after()) http::add_retry_after(reply, error);
    return reply;
}

http::Reply success(Json data, std::optional<Json> meta = std::nullopt) {
    Json body = {{"success", true}, {"data", std::move(data)}};
    if (meta) body["meta"] = std::move(*meta);
    return http::Reply::json(to_text(body));
}

Json render_session(const core::Conversation& session) {
    return {{"id", uuid_text(session.id.uuid.hex())},
            {"user_id", user_id(session.owner)},
            {"title", openai::text_or_null(session.title)},
            {"created_at", to_iso8601(session.created_at)},
            {"updated_at", to_iso8601(session.updated_at)}};
}

Json render_message(const core::Message& message) {
    Json json = {{"id", message.id.text()},
                 {"role", core::name_of(message.role)},
                 {"content", core::said_in(message)},
                 {"created_at", to_iso8601(message.created_at)}};
    const std::vector<core::ToolCallBlock> calls = message.tool_calls();
    if (calls.empty()) return json;
    for (const core::ToolCallBlock& call : calls)
        json["tool_calls"].push_back({{"id", call.call_id},
                                      {"type", "function"},
                                      {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    return json;
}

// {"message": {"role": "user", "content": [{"type": "input_text", "text"}]}}.
std::string read_message(const http::Request& request, int most_characters) {
    const Json json = openai::read_body(request);
    const openai::Fields body(json);
    body.required("message");
    const openai::Fields message = *body.object("message");
    message.choice("role", {"user"});
    message.required("content");
    std::string text;
    for (const openai::Fields& part : message.objects("content", 100)) {
        part.required("type").choice({"input_text"});
        text += part.required("text").text(1 << 20);
    }
    if (is_blank(text))
        throw Error(ErrorCode::validation, "The message is empty.",
                    {{"message_text", "The message is empty."}});
    const std::size_t characters = count_characters(text);
    if (characters <= static_cast<std::size_t>(most_characters)) return text;
    const std::string sentence = "The message has " + std::to_string(characters) + " characters; at most " +
                                 std::to_string(most_characters) + " are allowed.";
    throw Error(ErrorCode::validation, sentence, {{"message_length", sentence}});
}

}  // namespace

void Door::add_session_routes(http::Router& router) {
    using enum http::Method;
    const std::string base = "/api/v1/chatkit/sessions";
    router.render_errors_below(base, render_error);
    const auto route = [&](http::Method method, const std::string& path,
                           Task<http::Reply> (Door::*handler)(http::Request)) {
        router.add(method, base + path,
                   [this, handler](http::Request request) { return (this->*handler)(std::move(request)); });
    };
    route(post, "", &Door::create_session);
    route(get, "", &Door::list_sessions);
    route(get, "/{session}", &Door::show_session);
    route(del, "/{session}", &Door::delete_session);
    route(post, "/{session}/threads", &Door::create_session_thread);
    route(post, "/{session}/threads/{thread}/runs", &Door::run_session);
}

Task<core::Conversation> Door::session_in(const http::Request& request) {
    const std::string& given = request.path_value("session");
    const auto id = id_from(given);
    std::optional<core::Conversation> session;
    try {
        if (id) session = co_await services_.store.conversation(request.user, *id);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    if (!session || session->door != core::chatkit_sessions_door)
        throw Error(ErrorCode::not_found, "There is no session \"" + given + "\".");
    co_return std::move(*session);
}

Task<http::Reply> Door::create_session(http::Request request) {
    // Counted and begun one after the other, for each user.
    const auto user = Uuid::from_hex(sha256(request.user).substr(0, 32));
    const core::ConversationLocks::Lock alone =
        co_await session_locks_.lock(ConversationId{*user}, true, request.gone);
    core::ConversationQuery query;
    query.owner = request.user;
    query.door = core::chatkit_sessions_door;
    query.limit = options_.latest()->sessions;
    const core::Page<core::Conversation> there = co_await services_.store.conversations(query);
    if (there.items.size() >= static_cast<std::size_t>(options_.latest()->sessions))
        throw Error(ErrorCode::rate_limited, "You have " + std::to_string(options_.latest()->sessions) +
                                                 " sessions already; delete one of them first.");
    core::Conversation session;
    session.id = ConversationId::make();
    session.owner = request.user;
    session.door = core::chatkit_sessions_door;
    session.created_at = session.updated_at = now();
    const core::Write added = services_.store.add_conversation(session);
    co_await added.committed();
    co_return success(render_session(session));
}

Task<http::Reply> Door::list_sessions(http::Request request) {
    core::ConversationQuery query;
    query.owner = request.user;
    query.door = core::chatkit_sessions_door;
    query.limit = listed_sessions;
    Json data = Json::array();
    do {
        const core::Page<core::Conversation> page = co_await services_.store.conversations(query);
        for (const core::Conversation& session : page.items) {
            data.push_back(render_session(session));
            data.back()["message_count"] = session.message_count;
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
    const Json meta = {{"total", data.size()}};
    co_return success(std::move(data), meta);
}

Task<http::Reply> Door::show_session(http::Request request) {
    const core::Conversation session = co_await session_in(request);
    Json messages = Json::array();
    std::string after;
    do {
        const core::Page<core::Message> page =
            co_await services_.store.messages(session.id, after, listed_sessions);
        for (const core::Message& message : page.items)
            if (message.role == core::Role::user || message.role == core::Role::assistant)
                messages.push_back(render_message(message));
        after = page.next;
    } while (!after.empty());
    Json data = render_session(session);
    data["messages"] = std::move(messages);
    co_return success(std::move(data));
}

Task<http::Reply> Door::delete_session(http::Request request) {
    const core::Conversation session = co_await session_in(request);
    co_await services_.turns.cancel_all(request.user, session.id);
    co_await services_.jobs.cancel_all(request.user, session.id);
    co_await services_.store.remove_conversation(request.user, session.id);
    const std::string id = uuid_text(session.id.uuid.hex());
    co_return success({{"deleted", true}, {"id", id}, {"session_id", id}});
}

// A session is its only thread.
Task<http::Reply> Door::create_session_thread(http::Request request) {
    const core::Conversation session = co_await session_in(request);
    const std::string id = uuid_text(session.id.uuid.hex());
    co_return success({{"id", id}, {"session_id", id}, {"created_at", to_iso8601(session.created_at)}});
}

Task<http::Reply> Door::run_session(http::Request request) {
    core::Conversation session = co_await session_in(request);
    const std::string& thread = request.path_value("thread");
    if (id_from(thread) != session.id) {
        const std::string sentence = "The session has no thread \"" + thread + "\".";
        throw Error(ErrorCode::not_found, sentence, {{"thread", sentence}});
    }
    UserInput input;
    input.text = read_message(request, options_.latest()->message_characters);
    core::ThreadMessageQuery said;
    said.owner = request.user;
    said.conversation = session.id;
    said.range.limit = options_.latest()->session_messages;
    const core::Slice<core::ThreadMessage> messages = co_await services_.threads.messages(said);
    if (messages.items.size() >= static_cast<std::size_t>(options_.latest()->session_messages))
        throw Error(ErrorCode::rate_limited, "This session has " +
                                                 std::to_string(options_.latest()->session_messages) +
                                                 " messages already; begin another one.");
    core::TurnRequest turn = co_await turn_for(services_, request.user, session, std::move(input));
    turn.gone = request.gone;
    turn.by = came_by(request);
    co_return co_await begin(std::move(session), std::move(turn), setting_of(request), std::string(), true);
}

}  // namespace assistd::api::chatkit
