#pragma once
// One call while a source runs it: shared by whoever waits for its result and by everything that may end it
// (the source, the time limit, a cancel). Any thread.

#include <memory>
#include <optional>
#include <stop_token>

#include "base/activity.h"
#include "tools/progress.h"
#include "tools/source.h"

namespace assistd::tools {

struct RegisteredTool;
class CallCatalogue;

struct RunningCall {
    core::ToolCall call;  // its arguments are complete: with defaults, and artifacts by their handles
    std::shared_ptr<const RegisteredTool> tool;
    std::vector<std::string> parents;          // handles of the artifacts that it reads
    std::string decided_by;                    // as AuditEntry
    std::shared_ptr<Activity> activity;        // whose work it is; null: nobody's in particular
    std::shared_ptr<CallCatalogue> catalogue;  // what it looked up; null: its tool may look up nothing
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

    // What the caller waits for: the result, or nothing when the call goes on as a job. Then the result comes
    // late.
    OneShot<std::optional<SourceResult>> early;
    OneShot<SourceResult> late;
    std::stop_source stop;
    ProgressHub progress;

    // The first end counts.
    void end(SourceResult result);
    void end_by_cancel();
    void end_by_cancel(const std::string& why);  // a sentence
    void end_by_time_limit();
};

}  // namespace assistd::tools
