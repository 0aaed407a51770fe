#include "api/assistants/run_objects.h"

#include <algorithm>

#include "api/openai/ids.h"
#include "api/openai/metadata.h"
#include "base/error.h"
#include "base/json_depth.h"
#include "core/citations.h"

namespace assistd::api::assistants {
namespace {

using core::Turn;
using core::TurnState;
using openai::or_null;
using openai::seconds;
using openai::seconds_or_null;
using openai::text_or_null;
namespace prefix = openai::prefix;

bool is_expired(const Turn& turn) {
    return turn.state == TurnState::failed && turn.error_code == name_of(ErrorCode::timeout);
}

// max_completion_tokens or max_prompt_tokens; empty: neither was reached.
std::string limit_of(const Turn& turn) {
    return turn.limit_reached.ends_with("_tokens") && turn.limit_reached != "max_tokens" ? turn.limit_reached
                                                                                         : "";
}

// What servers of models say is theirs, and who they are is the operator's: the log has that.
std::string sentence_about(const Turn& turn) {
    switch (code_of(turn.error_code)) {
        case ErrorCode::rate_limited:
            return "The model is asked more often than it may be at the moment; try again later.";
        case ErrorCode::provider_timeout:
            return "The model did not answer in time, or the run took longer than it may.";
        case ErrorCode::provider_failed:
            return "The model could not answer; the server's log has the details.";
        case ErrorCode::unavailable:
            return "The server is too busy at the moment, or something that it needs is not there; try again "
                   "later.";
        case ErrorCode::context_too_long:
            return "The instructions, the tools and the messages are more than the model can take; send "
                   "fewer "
                   "or shorter ones.";
        case ErrorCode::validation:
            return "The model cannot take what the run asks of it; the server's log has the details.";
        default:
            return "The run ended by an error of the server; its log has the details.";
    }
}

Json last_error(const Turn& turn) {
    if (turn.state != TurnState::failed || is_expired(turn)) return nullptr;
    std::string code = "server_error";
    if (turn.error_code == name_of(ErrorCode::rate_limited)) code = "rate_limit_exceeded";
    if (turn.error_code == name_of(ErrorCode::validation) ||
        turn.error_code == name_of(ErrorCode::context_too_long))
        code = "invalid_prompt";
    return {{"code", code}, {"message", sentence_about(turn)}};
}

Json required_action(const RunState& state) {
    Json calls = Json::array();
    for (const core::ToolCallBlock& call : state.client_calls)
        calls.push_back({{"id", call.call_id},
                         {"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    return {{"type", "submit_tool_outputs"}, {"submit_tool_outputs", {{"tool_calls", std::move(calls)}}}};
}

Json render_usage(const core::Usage& usage) {
    return {{"prompt_tokens", usage.prompt_tokens},
            {"completion_tokens", usage.completion_tokens},
            {"total_tokens", usage.total_tokens()}};
}

// What the client asked for, as it asked for it; of turns that another door began, what that comes to.
Json echo_of(const Turn& turn) {
    if (!turn.options->echo.empty()) return Json::parse(turn.options->echo);
    return {{"model", turn.provider == "offline" ? turn.provider : turn.provider + ":" + turn.model},
            {"instructions", turn.options->instructions}};
}

Json assistant_of(const Turn& turn) {
    return text_or_null(turn.options->assistant_id);
}

}  // namespace

std::string status_of(const Turn& turn, const RunState& state) {
    switch (turn.state) {
        case TurnState::running:
            if (state.cancelling) return "cancelling";
            return state.client_calls.empty() ? "in_progress" : "requires_action";
        case TurnState::completed:
            return limit_of(turn).empty() ? "completed" : "incomplete";
        case TurnState::cancelled:
            return "cancelled";
        case TurnState::failed:
            break;
    }
    return is_expired(turn) ? "expired" : "failed";
}

Json render_run(const Turn& turn, const RunState& state) {
    return render_run_as(turn, status_of(turn, state), state);
}

Json render_run_as(const Turn& turn, const std::string& status, const RunState& state) {
    const Json echo = echo_of(turn);
    const auto echoed = [&echo](const char* name, Json usual) {
        const auto found = echo.find(name);
        return found == echo.end() ? std::move(usual) : *found;
    };
    const bool over = turn.state != TurnState::running;
    const auto when = [&](const char* wanted) {
        return status == wanted ? seconds_or_null(turn.finished_at) : Json();
    };
    Json run = {{"id", turn.id.text(prefix::run)},
                {"object", "thread.run"},
                {"created_at", seconds(turn.created_at)},
                {"thread_id", turn.conversation.text(prefix::thread)},
                {"assistant_id", assistant_of(turn)},
                {"status", status},
                {"required_action", status == "requires_action" ? required_action(state) : Json()},
                {"last_error", last_error(turn)},
                {"expires_at", over ? Json() : seconds_or_null(turn.options->expires_at)},
                {"started_at", status == "queued" ? Json() : Json(seconds(turn.created_at))},
                {"cancelled_at", when("cancelled")},
                {"failed_at", when("failed")},
                {"completed_at", when("completed")},
                {"incomplete_details", nullptr}};
    if (status == "incomplete") run["incomplete_details"] = {{"reason", limit_of(turn)}};
    run["model"] = echoed("model", turn.model);
    run["instructions"] = echoed("instructions", "");
    run["tools"] = echoed("tools", Json::array());
    run["metadata"] = openai::render_metadata(turn.metadata);
    run["usage"] = over ? render_usage(turn.usage) : Json();
    for (const char* name : {"temperature", "top_p", "max_prompt_tokens", "max_completion_tokens"})
        run[name] = echoed(name, nullptr);
    run["truncation_strategy"] =
        echoed("truncation_strategy", {{"type", "auto"}, {"last_messages", nullptr}});
    run["tool_choice"] = echoed("tool_choice", "auto");
    run["parallel_tool_calls"] = echoed("parallel_tool_calls", true);
    run["response_format"] = echoed("response_format", "auto");
    run["reasoning_effort"] = echoed("reasoning_effort", nullptr);
    return run;
}

std::string step_id(MessageId message, StepKind kind) {
    return message.text(prefix::step) + (kind == StepKind::message_creation ? "m" : "c");
}

namespace {

// What file_search gave the model, as the API tells it.
Json search_results(const std::string& output, StepIncludes includes) {
    Json results = Json::array();
    if (is_nested_too_deeply(output)) return results;
    const Json body = Json::parse(output, nullptr, false);
    if (!body.is_object() || !body.contains("data") || !body["data"].is_object()) return results;
    const Json& data = body["data"];
    if (!data.contains("passages") || !data["passages"].is_array()) return results;
    for (const Json& passage : data["passages"]) {
        if (!passage.is_object()) continue;
        const auto file = ArtifactId::parse(passage.value("file_id", ""));
        Json result = {{"file_id", file ? file->text(prefix::file) : ""},
                       {"file_name", passage.value("file_name", "")},
                       {"score", passage.value("score", 0.0)}};
        if (includes.search_content)
            result["content"] = Json::array({{{"type", "text"}, {"text", passage.value("text", "")}}});
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace

Json render_call(const StepCall& call, const Turn& turn, StepIncludes includes) {
    if (call.call.name == core::search_tool) {
        const Json ranking = {{"ranker", "default_2024_08_21"},
                              {"score_threshold", turn.options->search_threshold}};
        return {{"id", call.call.call_id},
                {"type", "file_search"},
                {"file_search",
                 {{"ranking_options", ranking},
                  {"results", call.output ? search_results(*call.output, includes) : Json::array()}}}};
    }
    return {
        {"id", call.call.call_id},
        {"type", "function"},
        {"function",
         {{"name", call.call.name}, {"arguments", call.call.arguments}, {"output", or_null(call.output)}}}};
}

Json render_step(const Step& step, const Turn& turn, StepIncludes includes) {
    Json details;
    if (step.kind == StepKind::message_creation) {
        details = {{"type", "message_creation"},
                   {"message_creation", {{"message_id", step.message.text(prefix::message)}}}};
    } else {
        Json calls = Json::array();
        for (const StepCall& call : step.calls) calls.push_back(render_call(call, turn, includes));
        details = {{"type", "tool_calls"}, {"tool_calls", std::move(calls)}};
    }
    const auto when = [&](const char* status) {
        return step.status == status ? seconds_or_null(step.ended_at) : Json();
    };
    const bool over = step.status != "in_progress";
    return {{"id", step_id(step.message, step.kind)},
            {"object", "thread.run.step"},
            {"created_at", seconds(step.created_at)},
            {"assistant_id", assistant_of(turn)},
            {"thread_id", turn.conversation.text(prefix::thread)},
            {"run_id", turn.id.text(prefix::run)},
            {"type", step.kind == StepKind::message_creation ? "message_creation" : "tool_calls"},
            {"status", step.status},
            {"step_details", std::move(details)},
            {"last_error", step.status == "failed" ? last_error(turn) : Json()},
            {"expired_at", when("expired")},
            {"cancelled_at", when("cancelled")},
            {"failed_at", when("failed")},
            {"completed_at", when("completed")},
            {"metadata", Json::object()},
            {"usage", over ? render_usage(step.usage) : Json()}};
}

std::vector<Step> steps_of(const Turn& turn, const std::vector<core::Message>& messages) {
    std::vector<Step> steps;
    for (const core::Message& message : messages) {
        if (message.role == core::Role::tool) {
            const auto* result = std::get_if<core::ToolResultBlock>(&message.blocks.front());
            if (!result || steps.empty()) continue;
            for (StepCall& call : steps.back().calls)
                if (call.call.call_id == result->call_id) call.output = result->content;
            steps.back().ended_at = std::max(steps.back().ended_at, message.created_at);
            continue;
        }
        if (message.role != core::Role::assistant) continue;
        const std::vector<core::ToolCallBlock> calls = message.tool_calls();
        Step step;
        step.message = message.id;
        step.created_at = message.created_at;
        if (!message.text().empty() || calls.empty()) {
            step.ended_at = message.created_at;
            step.status =
                incomplete_reason(message, turn).starts_with("run_") ? status_of(turn, {}) : "completed";
            if (calls.empty()) step.usage = message.usage;
            steps.push_back(step);
        }
        if (calls.empty()) continue;
        step.kind = StepKind::tool_calls;
        step.status = "in_progress";
        step.ended_at = {};
        step.usage = message.usage;
        for (const core::ToolCallBlock& call : calls) step.calls.push_back({call, std::nullopt});
        steps.push_back(std::move(step));
    }
    for (Step& step : steps) {
        if (step.kind != StepKind::tool_calls) continue;
        const bool done = std::all_of(step.calls.begin(), step.calls.end(),
                                      [](const StepCall& call) { return call.output.has_value(); });
        if (done) {
            step.status = "completed";
        } else if (turn.state != TurnState::running) {
            const std::string status = status_of(turn, {});
            step.status = status == "completed" || status == "incomplete" ? "failed" : status;
            step.ended_at = turn.finished_at;
        }
    }
    return steps;
}

std::string incomplete_reason(const core::Message& message, const Turn& turn) {
    if (message.finish_reason == "length") return "max_tokens";
    if (message.finish_reason == "content_filter") return "content_filter";
    if (message.finish_reason == "cancelled") return "run_cancelled";
    if (message.finish_reason == "error") return is_expired(turn) ? "run_expired" : "run_failed";
    return {};
}

}  // namespace assistd::api::assistants
