#include <charconv>
#include <limits>

#include "api/came_by.h"
#include "api/conversations/attached_files.h"
#include "api/conversations/event_stream.h"
#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/json_body.h"
#include "api/query.h"
#include "base/blank.h"
#include "base/utf8.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_key = 255;
constexpr std::size_t max_reason = 2'000;

bool wants_events(const Request& request) {
    const auto accept = request.header("Accept");
    return accept && accept->find("text/event-stream") != std::string::npos;
}

struct ChatOptions {
    core::TurnRequest turn;
    std::vector<std::string> attachments;
    bool stream = false;
};

// A message of the user's that the field names; nil when it is not there.
MessageId message_named(JsonBody& body, std::string_view field) {
    const auto given = body.text(field, max_key);
    if (!given) return {};
    const auto id = MessageId::parse(*given);
    if (!id || id->is_nil())
        body.wrong(field, std::string(field) + " must be the id of a message of the user's; it is \"" +
                              std::string(whole_characters(*given, 80)) + "\".");
    return id.value_or(MessageId());
}

// What every request has that begins a turn.
void read_common(const Request& request, JsonBody& body, ChatOptions& options) {
    options.stream = body.boolean("stream").value_or(wants_events(request));
    options.turn.wait = body.boolean("wait").value_or(true);
    options.turn.unattended = body.boolean("unattended").value_or(false);
    options.turn.idempotency_key = request.header("Idempotency-Key").value_or("");
    if (options.turn.idempotency_key.size() > max_key)
        body.wrong("Idempotency-Key", "The Idempotency-Key header may have at most 255 characters.");
    options.turn.owner = request.user;
    options.turn.by = came_by(request);
    options.turn.place = place_of(request);
    options.turn.conversation = id_in_path<ConversationId>(request, "id", "conversation");
    options.turn.gone = request.gone;
    options.turn.request_id = request.request_id;
}

Task<ChatOptions> read_chat(const Services& services, const Request& request) {
    Query(request).finish();
    ChatOptions options;
    JsonBody body(request);
    const auto content = body.text("content", 4 << 20);
    options.turn.back_to = message_named(body, "edits");
    const auto project = co_await read_project(services, request.user, body);
    options.turn.project_id = project.value_or("");
    read_common(request, body, options);
    options.attachments = body.texts("attachments").value_or(std::vector<std::string>{});
    body.finish();
    if (!content || is_blank(*content)) throw Error(ErrorCode::invalid_request, "content must not be empty.");
    options.turn.content = *content;
    co_return options;
}

ChatOptions read_regenerate(const Request& request) {
    Query(request).finish();
    ChatOptions options;
    JsonBody body(request, true);
    options.turn.again = true;
    options.turn.back_to = message_named(body, "message_id");
    read_common(request, body, options);
    body.finish();
    return options;
}

void require(const std::vector<std::pair<std::string, bool>>& fields) {
    std::vector<FieldError> missing;
    for (const auto& [field, is_there] : fields)
        if (!is_there) missing.push_back({field, field + " must be given."});
    if (!missing.empty())
        throw Error(ErrorCode::validation, "Some fields of the request are missing.", std::move(missing));
}

// The turn as it ends: its reply as JSON, or its events as they come.
Task<Reply> answer_of(core::TurnHandle handle, bool stream, Request request) {
    if (stream) co_return stream_of(handle, 0, request.gone).with("X-Turn-ID", handle.turn->id.text());
    const std::vector<core::TurnEventPtr> events = co_await handle.feed->whole();
    ReplyCollector seen;
    for (const core::TurnEventPtr& event : events) seen.see(*event);
    if (seen.ended() && seen.turn().state == core::TurnState::completed)
        co_return Reply::json(to_text(seen.reply())).with("X-Turn-ID", handle.turn->id.text());
    co_return http::error_reply(seen.error(), request.request_id).with("X-Turn-ID", handle.turn->id.text());
}

// The turn that the path names, when it belongs to the conversation that the path names.
Task<core::TurnHandle> turn_in(const Services& services, const Request& request) {
    const auto conversation = id_in_path<ConversationId>(request, "id", "conversation");
    const auto id = id_in_path<TurnId>(request, "turn", "turn");
    core::TurnHandle handle = co_await services.turns.find(request.user, id);
    if (handle.turn->conversation != conversation)
        throw Error(ErrorCode::not_found, "There is no such turn.");
    co_return handle;
}

// The event that the client saw last: the header that browsers send by themselves, or ?after=.
std::int64_t seen_last(const Request& request, Query& query) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const auto after = query.number("after", 0, most);
    if (after) return *after;
    const auto header = request.header("Last-Event-ID");
    if (!header || header->empty()) return 0;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(header->data(), header->data() + header->size(), id);
    if (error != std::errc() || end != header->data() + header->size() || id < 0)
        query.wrong("Last-Event-ID", "Last-Event-ID must be the id of an event; it is \"" + *header + "\".");
    return id;
}

}  // namespace

Task<Reply> chat(const Services& services, Request request) {
    ChatOptions options = co_await read_chat(services, request);
    for (const std::string& handle : options.attachments)
        options.turn.attachments.push_back(co_await services.artifacts.find(request.user, handle));
    co_await make_searchable(services, request.user, options.turn.conversation, options.turn.attachments,
                             request.gone);
    core::TurnHandle handle = co_await services.turns.start(std::move(options.turn));
    co_return co_await answer_of(std::move(handle), options.stream, std::move(request));
}

Task<Reply> regenerate(const Services& services, Request request) {
    ChatOptions options = read_regenerate(request);
    core::TurnHandle handle = co_await services.turns.start(std::move(options.turn));
    co_return co_await answer_of(std::move(handle), options.stream, std::move(request));
}

Task<Reply> set_feedback(const Services& services, Request request) {
    Query(request).finish();
    const auto conversation = id_in_path<ConversationId>(request, "id", "conversation");
    const auto message = id_in_path<MessageId>(request, "message", "message");
    JsonBody body(request);
    const auto feedback = body.text("feedback", max_key);
    if (feedback && *feedback != "positive" && *feedback != "negative")
        body.wrong("feedback",
                   "feedback must be \"positive\", \"negative\" or null; it is \"" + *feedback + "\".");
    if (!body.has("feedback")) body.wrong("feedback", "feedback must be given.");
    body.finish();
    const std::vector<MessageId> messages{message};
    co_await services.store.set_feedback(request.user, conversation, messages, feedback.value_or(""));
    co_return Reply::empty();
}

Task<Reply> show_turn(const Services& services, Request request) {
    Query(request).finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    const core::Turn turn = co_await services.turns.turn(request.user, handle.turn->id);
    Json json = render(turn);
    // Every turn that answered the same message; the last one's reply is the one that is shown.
    Json siblings = Json::array();
    const std::vector<TurnId> answering = co_await services.store.turns_answering(turn.user_message);
    for (const TurnId id : answering) siblings.push_back(id.text());
    json["siblings"] = std::move(siblings);
    Json waiting = Json::array();
    const std::vector<core::Approval> approvals = co_await services.turns.waiting(request.user, turn.id);
    for (const core::Approval& approval : approvals) waiting.push_back(render(approval));
    json["approvals"] = std::move(waiting);
    co_return Reply::json(to_text(json));
}

Task<Reply> list_turn_messages(const Services& services, Request request) {
    Query(request).finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    const std::vector<core::Message> all = co_await services.store.messages_of_turn(handle.turn->id);
    Json messages = Json::array();
    for (const core::Message& message : all)
        if (message.role != core::Role::user) messages.push_back(render(message));
    Json json;
    json["user_message_id"] = handle.turn->user_message.text();
    json["messages"] = std::move(messages);
    co_return Reply::json(to_text(json));
}

Task<Reply> decide_approval(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request);
    const auto call_id = body.text("call_id", max_reason);
    const auto decision = body.text("decision");
    const auto reason = body.text("reason", max_reason);
    if (decision && *decision != "allow" && *decision != "refuse")
        body.wrong("decision", "decision must be \"allow\" or \"refuse\"; it is \"" + *decision + "\".");
    body.finish();
    require({{"call_id", call_id.has_value()}, {"decision", decision.has_value()}});
    const core::TurnHandle handle = co_await turn_in(services, request);
    const auto wanted = *decision == "allow" ? core::ApprovalState::allowed : core::ApprovalState::refused;
    const core::Approval approval =
        co_await services.turns.decide(request.user, handle.turn->id, *call_id, wanted, reason.value_or(""));
    Json json = render(approval);
    json["decision"] = *decision;
    json["reason"] = approval.reason.empty() ? Json() : Json(approval.reason);
    json["decided_at"] = to_iso8601(approval.decided_at);
    co_return Reply::json(to_text(json));
}

Task<Reply> cancel_turn(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    const core::Turn turn = co_await services.turns.cancel(request.user, handle.turn->id);
    co_return Reply::json(to_text(render(turn)));
}

Task<Reply> stream_turn(const Services& services, Request request) {
    Query query(request);
    const std::int64_t after = seen_last(request, query);
    query.finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    co_return stream_of(handle, after, request.gone);
}

}  // namespace assistd::api::conversations
