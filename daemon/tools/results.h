#pragma once
// The two shapes of a tool's result, as models and people see it. Text is built around the source's JSON,
// which is not parsed again. Pure functions; any thread.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/tool.h"
#include "tools/source.h"

namespace assistd::tools {

SourceResult failed(core::ToolErrorType type, std::string message, bool recoverable,
                    std::string details = "");

// Of a call that did not run since its plugin is left alone.
SourceResult refused_by(Quarantine quarantine);
// As what the call comes to.
core::ToolOutcome refusal_by(const Quarantine& quarantine);

// {"success": false, "error": {"error_type", "message", "recoverable", "details"?}}
core::ToolOutcome failure(core::ToolErrorType type, const std::string& message, bool recoverable,
                          std::string_view details = "");
// A ValidationError with one entry in details.errors for each field.
core::ToolOutcome refused_arguments(std::span<const FieldError> errors);
// {"success": true, "data", "summary"?, "artifacts"?}
core::ToolOutcome success(std::string_view data, const std::string& summary,
                          std::vector<core::ArtifactRef> artifacts);

// How long a failure asks its caller to wait before the next try: "retry_after_s" in its details. Nothing
// when waiting does not help.
std::optional<std::chrono::milliseconds> wait_wanted(const core::ToolOutcome& outcome);

// A JSON string; bytes that are no UTF-8 are replaced.
std::string json_string(std::string_view text);

}  // namespace assistd::tools
