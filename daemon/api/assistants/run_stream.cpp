#include "api/assistants/run_stream.h"

#include <algorithm>

#include "api/assistants/render.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"

namespace assistd::api::assistants {
namespace {

namespace prefix = openai::prefix;
using openai::seconds;

Json message_delta(MessageId id, Json delta) {
    return {
        {"id", id.text(prefix::message)}, {"object", "thread.message.delta"}, {"delta", std::move(delta)}};
}

Json step_delta(const std::string& id, Json call) {
    return {{"id", id},
            {"object", "thread.run.step.delta"},
            {"delta",
             {{"step_details", {{"type", "tool_calls"}, {"tool_calls", Json::array({std::move(call)})}}}}}};
}

}  // namespace

std::string event_frame(const std::string& name, const Json& data) {
    return "event: " + name + "\ndata: " + openai::to_text(data) + "\n\n";
}

std::string error_frame(const Error& error) {
    const Json body = openai::error_body(error);
    Json data = body;
    data["error"] = body;
    return event_frame("error", data);
}

std::string done_frame() {
    return "event: done\ndata: [DONE]\n\n";
}

RunEvents::RunEvents(core::Turn turn, StepIncludes includes, std::optional<Step> resumed)
    : turn_(std::move(turn)), includes_(includes), step_(std::move(resumed)) {}

std::string RunEvents::run(const std::string& status, const RunState& state) const {
    return event_frame("thread.run." + status, render_run_as(turn_, status, state));
}

std::string RunEvents::step(const std::string& event) const {
    return event_frame("thread.run.step." + event, render_step(*step_, turn_, includes_));
}

std::string RunEvents::begin() {
    std::string out;
    if (step_) {
        step_->status = "completed";
        step_->ended_at = now();
        out += step("completed");
        step_.reset();
    } else {
        out += event_frame("thread.run.created", render_run_as(turn_, "queued"));
    }
    return out + run("queued") + run("in_progress");
}

std::string RunEvents::see(const core::TurnEvent& event) {
    if (const auto* piece = std::get_if<core::MessageDelta>(&event.body)) return delta(*piece);
    if (const auto* message = std::get_if<core::MessageCompleted>(&event.body))
        return complete(*message->message);
    if (const auto* result = std::get_if<core::ToolCallFinished>(&event.body)) return finish_call(*result);
    if (const auto* waits = std::get_if<core::ClientCallsRequired>(&event.body)) {
        over_ = true;
        return run("requires_action", {false, waits->calls}) + done_frame();
    }
    if (const auto* ended = std::get_if<core::TurnEnded>(&event.body)) return end(*ended->turn);
    return {};
}

// As it is read later; one that is being written is empty, for what it says comes in pieces.
Json RunEvents::message_object(const std::string& status, core::Message message) const {
    message.id = step_->message;
    message.conversation = turn_.conversation;
    message.turn = turn_.id;
    message.role = core::Role::assistant;
    Json rendered = render(core::ThreadMessage{std::move(message), turn_.options->assistant_id});
    rendered["status"] = status;
    if (status != "in_progress") return rendered;
    rendered["created_at"] = seconds(step_->created_at);
    rendered["completed_at"] = nullptr;
    return rendered;
}

std::string RunEvents::open_message(MessageId id) {
    step_.emplace();
    step_->message = id;
    step_->created_at = now();
    message_open_ = true;
    text_.clear();
    const Json message = message_object("in_progress", {});
    return step("created") + step("in_progress") + event_frame("thread.message.created", message) +
           event_frame("thread.message.in_progress", message);
}

std::string RunEvents::delta(const core::MessageDelta& piece) {
    std::string out;
    if (!message_open_) out += open_message(piece.message);
    text_ += piece.text;
    Json text = {{"value", piece.text}};
    if (text_.size() == piece.text.size()) text["annotations"] = Json::array();
    const Json part = {{"index", 0}, {"type", "text"}, {"text", std::move(text)}};
    return out + event_frame("thread.message.delta",
                             message_delta(piece.message, {{"content", Json::array({part})}}));
}

std::string RunEvents::complete(const core::Message& message) {
    std::string out;
    const bool says_something = !message.text().empty() || message.tool_calls().empty();
    if (says_something && !message_open_) out += open_message(message.id);
    if (message_open_) out += close_message(message);
    if (!message.tool_calls().empty()) out += open_calls(message);
    return out;
}

// What it rests on is known when the text is whole.
std::string RunEvents::close_message(const core::Message& message) {
    message_open_ = false;
    std::string out;
    Json annotations = render_annotations(message);
    if (!annotations.empty()) {
        for (std::size_t i = 0; i < annotations.size(); ++i) annotations[i]["index"] = i;
        const Json part = {
            {"index", 0}, {"type", "text"}, {"text", {{"annotations", std::move(annotations)}}}};
        out += event_frame("thread.message.delta",
                           message_delta(message.id, {{"content", Json::array({part})}}));
    }
    const std::string reason = incomplete_reason(message, turn_);
    step_->created_at = std::min(step_->created_at, message.created_at);
    step_->ended_at = message.created_at;
    if (message.tool_calls().empty()) step_->usage = message.usage;
    const std::string status = reason.empty() ? "completed" : "incomplete";
    out += event_frame("thread.message." + status, message_object(status, message));
    // What broke off is told with the run's end, which says how.
    if (reason.starts_with("run_")) return out;
    step_->status = "completed";
    out += step("completed");
    step_.reset();
    return out;
}

std::string RunEvents::open_calls(const core::Message& message) {
    step_.emplace();
    step_->kind = StepKind::tool_calls;
    step_->message = message.id;
    step_->created_at = message.created_at;
    step_->usage = message.usage;
    std::string out = step("created") + step("in_progress");
    const std::string id = step_id(message.id, StepKind::tool_calls);
    for (const core::ToolCallBlock& call : message.tool_calls()) {
        StepCall announced{call, std::nullopt};
        Json rendered = render_call(announced, turn_, includes_);
        rendered["index"] = step_->calls.size();
        step_->calls.push_back(std::move(announced));
        out += event_frame("thread.run.step.delta", step_delta(id, std::move(rendered)));
    }
    return out;
}

std::string RunEvents::finish_call(const core::ToolCallFinished& result) {
    if (!step_) return {};
    bool all = true;
    for (StepCall& call : step_->calls) {
        if (call.call.call_id == result.call_id) call.output = *result.content;
        all = all && call.output;
    }
    if (!all) return {};
    step_->status = "completed";
    step_->ended_at = now();
    const std::string out = step("completed");
    step_.reset();
    return out;
}

std::string RunEvents::end(const core::Turn& turn) {
    turn_ = turn;
    over_ = true;
    const std::string status = status_of(turn, {});
    std::string out = status == "cancelled" ? run("cancelling") : "";
    if (step_) {
        if (message_open_) {
            core::Message broken;
            broken.blocks.push_back(core::TextBlock{text_});
            broken.created_at = turn.finished_at;
            broken.finish_reason = turn.state == core::TurnState::cancelled ? "cancelled" : "error";
            out += event_frame("thread.message.incomplete", message_object("incomplete", broken));
        }
        step_->status = status == "completed" || status == "incomplete" ? "failed" : status;
        step_->ended_at = turn.finished_at;
        out += step(step_->status);
        step_.reset();
    }
    return out + run(status) + done_frame();
}

}  // namespace assistd::api::assistants
