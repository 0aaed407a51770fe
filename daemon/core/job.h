#pragma once
// A tool call that goes on in the background after its turn was told "running". Value types.

#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/call_resources.h"
#include "core/conversation.h"

namespace assistd::core {

// `lost`: the daemon ended while the job ran and the tool may not simply run again.
enum class JobState { running, completed, failed, cancelled, lost };

struct Job {
    JobId id;
    Owner owner;
    ConversationId conversation;  // nil for a direct call
    TurnId turn;
    std::string call_id;
    std::string project_id;
    std::string tool;
    std::string arguments;  // JSON text
    JobState state = JobState::running;
    double fraction = 0;  // progress is kept in memory while running and stored at the end
    std::string note;
    std::string result;  // ToolOutcome::body once ended
    std::string summary;
    CallResources used;
    Timestamp created_at;
    Timestamp finished_at;
};

struct JobQuery {
    Owner owner;
    std::optional<JobState> state;
    int limit = 20;
    std::string cursor;
    bool everybody = false;  // whoever the owner is
};

std::string_view name_of(JobState state);

}  // namespace assistd::core
