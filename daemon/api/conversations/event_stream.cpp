#include "api/conversations/event_stream.h"

#include "base/json_depth.h"

namespace assistd::api::conversations {
namespace {

Json render_all(const std::vector<core::ArtifactRef>& artifacts) {
    Json list = Json::array();
    for (const core::ArtifactRef& artifact : artifacts) list.push_back(render(artifact));
    return list;
}

// One call for each kind of event.
struct Writer {
    const ReplyCollector& seen;

    WireEvent operator()(const core::TurnStarted& event) const {
        return {"turn.started",
                {{"message_id", event.user_message.text()},
                 {"provider", event.provider},
                 {"model", event.model}}};
    }
    WireEvent operator()(const core::MessageDelta& event) const {
        return {"message.delta", {{"message_id", event.message.text()}, {"delta", event.text}}};
    }
    WireEvent operator()(const core::ThoughtDelta& event) const {
        return {"thinking.delta", {{"message_id", event.message.text()}, {"delta", event.text}}};
    }
    WireEvent operator()(const core::ToolCallStarted& event) const {
        Json arguments = event.arguments;  // as text when it is no JSON that can be walked
        if (!is_nested_too_deeply(event.arguments)) {
            Json parsed = Json::parse(event.arguments, nullptr, false);
            if (!parsed.is_discarded()) arguments = std::move(parsed);
        }
        return {"tool.call",
                {{"tool_call_id", event.call_id}, {"name", event.name}, {"arguments", arguments}}};
    }
    WireEvent operator()(const core::ApprovalRequired& event) const {
        return {"approval.required", render(*event.approval)};
    }
    WireEvent operator()(const core::ClientCallsRequired& event) const {
        Json calls = Json::array();
        for (const core::ToolCallBlock& call : event.calls)
            calls.push_back({{"tool_call_id", call.call_id}, {"name", call.name}});
        return {"action.required", {{"calls", std::move(calls)}}};
    }
    WireEvent operator()(const core::ToolCallProgress& event) const {
        return {"tool.progress",
                {{"tool_call_id", event.call_id},
                 {"name", event.name},
                 {"fraction", event.fraction},
                 {"note", event.note}}};
    }
    WireEvent operator()(const core::ToolCallFinished& event) const {
        Json data = {{"tool_call_id", event.call_id},
                     {"name", event.name},
                     {"success", event.success},
                     {"summary", event.summary},
                     {"artifacts", render_all(event.artifacts)}};
        if (!event.job.empty()) data["job_id"] = event.job;
        if (!event.error_type.empty()) data["error_type"] = event.error_type;
        return {"tool.result", std::move(data)};
    }
    WireEvent operator()(const core::MessageCompleted& event) const {
        return {"message.completed", {{"message", render(*event.message)}}};
    }
    WireEvent operator()(const core::TitleUpdated& event) const {
        return {"title.updated", {{"title", event.title}}};
    }
    WireEvent operator()(const core::TurnEnded& event) const {
        switch (event.turn->state) {
            case core::TurnState::completed:
                return {"turn.completed", {{"message", seen.reply()}}};
            case core::TurnState::cancelled:
                return {"turn.cancelled", Json::object()};
            default:
                break;
        }
        return {"turn.failed", {{"error", render_error(*event.turn)}}};
    }
};

// What the data of every event of a stream says.
struct StreamIds {
    std::string turn;
    std::string conversation;
};

// Nearly all events are pieces of text: they are put together without a JSON value in between.
std::string data_of(MessageId message, const std::string& text, const StreamIds& ids) {
    std::string data = R"({"message_id":")";
    data.append(message.text()).append(R"(","delta":)").append(to_text(Json(text)));
    data.append(R"(,"turn_id":")").append(ids.turn);
    data.append(R"(","conversation_id":")").append(ids.conversation).append(R"("})");
    return data;
}

bool write(http::StreamWriter& out, const core::TurnEvent& event, const ReplyCollector& seen,
           const StreamIds& ids) {
    const std::string id = std::to_string(event.id);
    if (const auto* piece = std::get_if<core::MessageDelta>(&event.body))
        return http::write_event(out, "message.delta", data_of(piece->message, piece->text, ids), id);
    if (const auto* thought = std::get_if<core::ThoughtDelta>(&event.body))
        return http::write_event(out, "thinking.delta", data_of(thought->message, thought->text, ids), id);
    WireEvent wire = wire_event(event, seen);
    wire.data["turn_id"] = ids.turn;
    wire.data["conversation_id"] = ids.conversation;
    return http::write_event(out, wire.name, to_text(wire.data), id);
}

// Whether the tool did anything: some calls are turned down before it is asked.
bool ran(const core::ToolCallFinished& result) {
    static constexpr core::ToolErrorType refusals[] = {
        core::ToolErrorType::ToolNotFoundError, core::ToolErrorType::ContextError,
        core::ToolErrorType::ValidationError, core::ToolErrorType::PermissionError,
        core::ToolErrorType::QuotaExceededError};
    return std::none_of(std::begin(refusals), std::end(refusals),
                        [&](core::ToolErrorType type) { return result.error_type == core::name_of(type); });
}

// Writes until the turn ends or the client goes; the connection ends the reply when this returns.
Task<void> write_events(core::TurnHandle handle, std::int64_t after, std::stop_token gone,
                        std::shared_ptr<http::StreamWriter> out) {
    const StreamIds ids{handle.turn->id.text(), handle.turn->conversation.text()};
    ReplyCollector seen;
    std::int64_t last = 0;
    while (out->alive()) {
        const std::vector<core::TurnEventPtr> events = co_await handle.feed->next(last, gone);
        if (events.empty()) co_return;
        for (const core::TurnEventPtr& event : events) {
            last = event->id;
            seen.see(*event);
            if (event->id <= after) continue;
            if (!write(*out, *event, seen, ids)) co_return;
        }
    }
}

}  // namespace

void ReplyCollector::see(const core::TurnEvent& event) {
    if (const auto* message = std::get_if<core::MessageCompleted>(&event.body))
        last_message_ = message->message;
    if (const auto* call = std::get_if<core::ToolCallStarted>(&event.body))
        calls_.push_back({call->call_id, call->name});
    if (const auto* result = std::get_if<core::ToolCallFinished>(&event.body)) {
        for (Call& call : calls_)
            if (call.id == result->call_id) {
                call.ran = ran(*result);
                call.artifacts = result->artifacts;
            }
    }
    if (const auto* end = std::get_if<core::TurnEnded>(&event.body)) {
        ended_ = true;
        turn_ = *end->turn;
    }
}

Json ReplyCollector::reply() const {
    Json names = Json::array();
    Json artifacts = Json::array();
    for (const Call& call : calls_) {
        if (call.ran) names.push_back(call.name);
        for (const core::ArtifactRef& artifact : call.artifacts) artifacts.push_back(render(artifact));
    }
    Json reply = {{"id", last_message_ ? Json(last_message_->id.text()) : Json()},
                  {"role", "assistant"},
                  {"content", last_message_ ? last_message_->text() : ""},
                  {"tool_calls", Json()},
                  {"tools_executed", std::move(names)},
                  {"artifacts", std::move(artifacts)},
                  {"citations", last_message_ ? render_citations(*last_message_) : Json::array()},
                  {"provider", last_message_ ? Json(last_message_->provider) : Json()},
                  {"model", last_message_ ? Json(last_message_->model) : Json()},
                  {"usage", render(turn_.usage)},
                  {"finish_reason", last_message_ ? last_message_->finish_reason : "stop"},
                  {"created_at", to_iso8601(last_message_ ? last_message_->created_at : turn_.finished_at)},
                  {"conversation_id", turn_.conversation.text()},
                  {"turn_id", turn_.id.text()}};
    std::string note = last_message_ ? note_on(*last_message_) : "";
    if (!note.empty()) reply["note"] = std::move(note);
    return reply;
}

Error ReplyCollector::error() const {
    if (!ended_) {
        Error error(ErrorCode::unavailable, "The daemon is shutting down; the turn goes on when it is back.");
        return error.with_retry_after(std::chrono::seconds(5));
    }
    if (turn_.state == core::TurnState::cancelled) return {ErrorCode::conflict, "The turn was cancelled."};
    Error error(code_of(turn_.error_code), turn_.error_message);
    if (turn_.retry_after) error.with_retry_after(*turn_.retry_after);
    return error;
}

WireEvent wire_event(const core::TurnEvent& event, const ReplyCollector& seen) {
    return std::visit(Writer{seen}, event.body);
}

http::Reply stream_of(core::TurnHandle handle, std::int64_t after, std::stop_token gone) {
    return http::Reply::event_stream([handle, after, gone](std::shared_ptr<http::StreamWriter> out) {
        return write_events(handle, after, gone, std::move(out));
    });
}

}  // namespace assistd::api::conversations
