#pragma once
// Turns as runs and run steps of OpenAI's Assistants API. A step is made of what is stored: the text of a
// reply is a message_creation step, its calls with their results are a tool_calls step. Pure functions.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/openai/json.h"
#include "core/message.h"
#include "core/turn.h"

namespace assistd::api::assistants {

using openai::Json;

// What is known of a running turn beside what is stored.
struct RunState {
    bool cancelling = false;
    std::vector<core::ToolCallBlock> client_calls;  // that it waits for
};

// queued, in_progress, requires_action, cancelling, cancelled, failed, completed, incomplete or expired.
std::string status_of(const core::Turn& turn, const RunState& state);
Json render_run(const core::Turn& turn, const RunState& state = {});
// The same with another status: what a stream tells on the way.
Json render_run_as(const core::Turn& turn, const std::string& status, const RunState& state = {});

enum class StepKind { message_creation, tool_calls };
// A step's id: that of its message, with a letter for its kind.
std::string step_id(MessageId message, StepKind kind);

// Whether the passages that a search found are told with their texts.
struct StepIncludes {
    bool search_content = false;
};

// One call and, once it has one, its result.
struct StepCall {
    core::ToolCallBlock call;
    std::optional<std::string> output;  // as the model saw it
};
Json render_call(const StepCall& call, const core::Turn& turn, StepIncludes includes);

struct Step {
    StepKind kind = StepKind::message_creation;
    MessageId message;
    std::vector<StepCall> calls;
    core::Usage usage;
    Timestamp created_at;
    Timestamp ended_at;
    std::string status = "in_progress";  // cancelled, failed, completed, expired
};
Json render_step(const Step& step, const core::Turn& turn, StepIncludes includes);

// The steps of a turn, oldest first. `messages` are those of the turn, in order.
std::vector<Step> steps_of(const core::Turn& turn, const std::vector<core::Message>& messages);

// Why a message that a run made is incomplete: content_filter, max_tokens, run_cancelled, run_expired,
// run_failed. Empty: it is complete.
std::string incomplete_reason(const core::Message& message, const core::Turn& turn);

}  // namespace assistd::api::assistants
