#include "tools/results.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/artifact_json.h"

namespace assistd::tools {
namespace {

std::string refs_json(const std::vector<core::ArtifactRef>& refs) {
    std::string text = "[";
    for (const core::ArtifactRef& ref : refs) {
        if (text.size() > 1) text += ',';
        text += core::to_json(ref).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    return text + "]";
}

}  // namespace

std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SourceResult failed(core::ToolErrorType type, std::string message, bool recoverable, std::string details) {
    SourceResult result;
    result.error = type;
    result.message = std::move(message);
    result.recoverable = recoverable;
    result.details = std::move(details);
    return result;
}

// No crash: nothing ran. As many crashes as a plugin may have in a row are used up, and more are allowed in
// a while.
SourceResult refused_by(Quarantine quarantine) {
    SourceResult result = failed(core::ToolErrorType::QuotaExceededError, quarantine.reason, true,
                                 "{\"retry_after_s\":" + std::to_string(quarantine.left.count()) + "}");
    result.quarantine = std::move(quarantine);
    return result;
}

core::ToolOutcome refusal_by(const Quarantine& quarantine) {
    const SourceResult result = refused_by(quarantine);
    core::ToolOutcome outcome = failure(result.error, result.message, result.recoverable, result.details);
    outcome.refusal = core::CallRefusal::quarantine;
    outcome.retry_after = quarantine.left;
    return outcome;
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

std::optional<std::chrono::milliseconds> wait_wanted(const core::ToolOutcome& outcome) {
    if (outcome.success) return std::nullopt;
    const nlohmann::json body = nlohmann::json::parse(outcome.body, nullptr, false);
    const nlohmann::json::json_pointer place("/error/details/retry_after_s");
    if (!body.contains(place) || !body.at(place).is_number()) return std::nullopt;
    constexpr double longest_s = 86'400;
    const double seconds = std::clamp(body.at(place).get<double>(), 0.001, longest_s);
    return std::chrono::milliseconds(std::llround(seconds * 1000));
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
