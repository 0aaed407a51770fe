#pragma once
// A tool call that a person must allow before it runs: because its tool's effects are destructive, or because
// the configuration says so. Value types.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/tool.h"

namespace assistd::core {

// `expired`: nobody decided in time, which counts as a refusal.
enum class ApprovalState { waiting, allowed, refused, expired };

struct Approval {
    std::string call_id;
    std::string name;
    std::string arguments;  // JSON text as the model wrote it
    ToolEffects effects;
    std::string sentence;       // what the person is told
    std::int64_t event_id = 0;  // of the event that told it
    ApprovalState state = ApprovalState::waiting;
    std::string reason;  // the person's own words, if any
    Timestamp asked_at;
    Timestamp decided_at;  // set when it no longer waits
};

std::string_view name_of(ApprovalState state);

}  // namespace assistd::core
