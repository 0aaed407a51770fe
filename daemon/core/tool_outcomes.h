#pragma once
// Outcomes that are made without running a tool, in the one shape that models see.

#include <string>

#include "core/tool.h"

namespace assistd::core {

// {"success": false, "error": {"error_type", "message", "recoverable", "details"?}}; `details` is JSON text
// or empty.
ToolOutcome failed_outcome(ToolErrorType type, const std::string& message, bool recoverable,
                           const std::string& details = {});

// {"success": true, "data": {"status": "running", "job_id", "progress"}, "summary"}: the call goes on as a
// job.
ToolOutcome running_outcome(const std::string& tool, JobId job, double fraction);

}  // namespace assistd::core
