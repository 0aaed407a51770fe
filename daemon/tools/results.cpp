#include "tools/results.h"

#include <nlohmann/json.hpp>

namespace assistd::tools {
namespace {

std::string refs_json(const std::vector<core::ArtifactRef>& refs) {
    std::string text = "[";
    for (const core::ArtifactRef& ref : refs) {
        if (text.size() > 1) text += ',';
        text += "{\"id\":" + json_string(ref.id.text()) + ",\"handle\":" + json_string(ref.handle) +
                ",\"kind\":" + json_string(ref.kind) + ",\"name\":" + json_string(ref.name) +
                ",\"media_type\":" + json_string(ref.media_type) + ",\"size\":" + std::to_string(ref.size) +
                ",\"url\":" + json_string(content_url(ref.handle)) + "}";
    }
    return text + "]";
}

}  // namespace

std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string content_url(const std::string& handle) {
    return "/api/v1/ai/artifacts/" + handle + "/content";
}

SourceResult failed(core::ToolErrorType type, std::string message, bool recoverable, std::string details) {
    SourceResult result;
    result.error = type;
    result.message = std::move(message);
    result.recoverable = recoverable;
    result.details = std::move(details);
    return result;
}

core::ToolOutcome failure(core::ToolErrorType type, const std::string& message, bool recoverable,
                          std::string_view details) {
    core::ToolOutcome outcome;
    outcome.error = type;
    outcome.summary = message;
    outcome.body = "{\"success\":false,\"error\":{\"error_type\":\"";
    outcome.body += core::name_of(type);
    outcome.body +=
        "\",\"message\":" + json_string(message) + ",\"recoverable\":" + (recoverable ? "true" : "false");
    if (!details.empty()) outcome.body.append(",\"details\":").append(details);
    outcome.body += "}}";
    return outcome;
}

core::ToolOutcome refused_arguments(std::span<const FieldError> errors) {
    std::string message;
    std::string details = "{\"errors\":[";
    for (const FieldError& error : errors) {
        if (!message.empty()) {
            message += ' ';
            details += ',';
        }
        message += error.message;
        details +=
            "{\"field\":" + json_string(error.field) + ",\"message\":" + json_string(error.message) + "}";
    }
    return failure(core::ToolErrorType::ValidationError, message, true, details + "]}");
}

core::ToolOutcome success(std::string_view data, const std::string& summary,
                          std::vector<core::ArtifactRef> artifacts) {
    core::ToolOutcome outcome;
    outcome.success = true;
    outcome.summary = summary;
    outcome.body.reserve(data.size() + summary.size() + 256 * artifacts.size() + 64);
    outcome.body = "{\"success\":true,\"data\":";
    outcome.body += data;
    if (!summary.empty()) outcome.body += ",\"summary\":" + json_string(summary);
    if (!artifacts.empty()) outcome.body += ",\"artifacts\":" + refs_json(artifacts);
    outcome.body += '}';
    outcome.artifacts = std::move(artifacts);
    return outcome;
}

}  // namespace assistd::tools
