#include "core/tool_outcomes.h"

#include <nlohmann/json.hpp>

namespace assistd::core {

ToolOutcome failed_outcome(ToolErrorType type, const std::string& message, bool recoverable,
                           const std::string& details) {
    nlohmann::ordered_json error;
    error["error_type"] = name_of(type);
    error["message"] = message;
    error["recoverable"] = recoverable;
    if (!details.empty()) error["details"] = nlohmann::ordered_json::parse(details);
    nlohmann::ordered_json body;
    body["success"] = false;
    body["error"] = std::move(error);

    ToolOutcome outcome;
    outcome.success = false;
    outcome.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    outcome.summary = message;
    outcome.error = type;
    return outcome;
}

ToolOutcome running_outcome(const std::string& tool, JobId job, double fraction) {
    ToolOutcome outcome;
    outcome.success = true;
    outcome.summary = tool + " goes on in the background as " + job.text() + ".";
    outcome.job = job;
    nlohmann::ordered_json body;
    body["success"] = true;
    body["data"] = {{"status", "running"}, {"job_id", job.text()}, {"progress", fraction}};
    body["summary"] = outcome.summary;
    outcome.body = body.dump();
    return outcome;
}

}  // namespace assistd::core
