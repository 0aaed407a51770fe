// The stable names of the core's closed lists, as stored and as shown.

#include <algorithm>

#include "core/approval.h"
#include "core/conversation.h"
#include "core/job.h"
#include "core/meters.h"
#include "core/study.h"
#include "core/tool.h"
#include "core/turn.h"

namespace assistd::core {

std::string_view name_of(TurnState state) {
    switch (state) {
        case TurnState::running:
            return "running";
        case TurnState::completed:
            return "completed";
        case TurnState::failed:
            return "failed";
        case TurnState::cancelled:
            return "cancelled";
    }
    return "failed";
}

std::string_view name_of(TurnRefusal refusal) {
    switch (refusal) {
        case TurnRefusal::at_once:
            return "at_once";
        case TurnRefusal::day:
            return "day";
        case TurnRefusal::overload:
            break;
    }
    return "overload";
}

std::string_view name_of(ConversationState state) {
    switch (state) {
        case ConversationState::open:
            return "open";
        case ConversationState::locked:
            return "locked";
        case ConversationState::closed:
            return "closed";
    }
    throw std::logic_error("a conversation's state without a name");
}

std::string_view name_of(TitleSource source) {
    switch (source) {
        case TitleSource::none:
            return "";
        case TitleSource::first_message:
            return "first_message";
        case TitleSource::model:
            return "model";
        case TitleSource::user:
            return "user";
    }
    return "";
}

std::string_view name_of(ApprovalState state) {
    switch (state) {
        case ApprovalState::waiting:
            return "waiting";
        case ApprovalState::allowed:
            return "allowed";
        case ApprovalState::refused:
            return "refused";
        case ApprovalState::expired:
            return "expired";
    }
    return "expired";
}

std::string_view name_of(JobState state) {
    switch (state) {
        case JobState::running:
            return "running";
        case JobState::completed:
            return "completed";
        case JobState::failed:
            return "failed";
        case JobState::cancelled:
            return "cancelled";
        case JobState::lost:
            return "lost";
    }
    return "failed";
}

std::string_view name_of(StudyState state) {
    switch (state) {
        case StudyState::running:
            return "running";
        case StudyState::completed:
            return "completed";
        case StudyState::completed_with_errors:
            return "completed_with_errors";
        case StudyState::cancelled:
            return "cancelled";
    }
    return "cancelled";
}

std::string_view name_of(RunState state) {
    switch (state) {
        case RunState::running:
            return "running";
        case RunState::completed:
            return "completed";
        case RunState::failed:
            return "failed";
    }
    return "failed";
}

std::string_view name_of(CallRefusal refusal) {
    switch (refusal) {
        case CallRefusal::unknown_tool:
            return "unknown_tool";
        case CallRefusal::no_project:
            return "no_project";
        case CallRefusal::rule:
            return "rule";
        case CallRefusal::arguments:
            return "arguments";
        case CallRefusal::quarantine:
            return "quarantine";
        case CallRefusal::per_minute:
            return "per_minute";
        case CallRefusal::per_day:
            return "per_day";
        case CallRefusal::at_once:
            return "at_once";
        case CallRefusal::person:
            return "person";
        case CallRefusal::unanswered:
            return "unanswered";
    }
    return "";
}

std::string_view name_of(ToolErrorType type) {
    switch (type) {
        case ToolErrorType::ToolNotFoundError:
            return "ToolNotFoundError";
        case ToolErrorType::ContextError:
            return "ContextError";
        case ToolErrorType::ValidationError:
            return "ValidationError";
        case ToolErrorType::PermissionError:
            return "PermissionError";
        case ToolErrorType::TimeoutError:
            return "TimeoutError";
        case ToolErrorType::PluginCrashedError:
            return "PluginCrashedError";
        case ToolErrorType::CancelledError:
            return "CancelledError";
        case ToolErrorType::QuotaExceededError:
            return "QuotaExceededError";
        case ToolErrorType::InternalError:
            return "InternalError";
    }
    return "InternalError";
}

const ToolSpec* ToolSet::find(std::string_view name) const {
    for (const auto& tool : tools)
        if (tool->name == name) return tool.get();
    return nullptr;
}

const WaitingTool* ToolSet::find_waiting(std::string_view name) const {
    const auto exactly = std::ranges::find_if(
        waiting, [&](const WaitingTool& tool) { return !tool.is_prefix && tool.is_called(name); });
    if (exactly != waiting.end()) return &*exactly;
    const auto perhaps =
        std::ranges::find_if(waiting, [&](const WaitingTool& tool) { return tool.is_called(name); });
    return perhaps == waiting.end() ? nullptr : &*perhaps;
}

}  // namespace assistd::core
