#include "tools/plugins/call_result.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/frame_socket.h"
#include "base/logging.h"
#include "tools/call_bounds.h"
#include "tools/catalogue.h"
#include "tools/plugins/plugin_log.h"
#include "tools/plugins/strict_json.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

constexpr std::size_t max_summary_bytes = 2'000;
constexpr std::size_t max_note_bytes = 200;
constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_error_type_bytes = 64;

// What a plugin may call its failures.
std::optional<ToolErrorType> error_type(const std::string& name) {
    for (const ToolErrorType type :
         {ToolErrorType::ValidationError, ToolErrorType::ContextError, ToolErrorType::TimeoutError,
          ToolErrorType::CancelledError, ToolErrorType::PermissionError, ToolErrorType::QuotaExceededError,
          ToolErrorType::InternalError})
        if (core::name_of(type) == name) return type;
    return std::nullopt;
}

bool is_kind(std::string_view kind) {
    return !kind.empty() && kind.size() <= 32 &&
           kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::string file_name(const std::string& name) {
    std::string clean = printable(name, max_name_bytes);
    std::ranges::replace(clean, '/', '_');
    return clean.empty() || clean == "." || clean == ".." ? "artifact" : clean;
}

// A plain file, so that reading it can neither block nor reach a device.
bool is_plain_file(const UniqueFd& file) {
    struct stat state {};
    return ::fstat(file.get(), &state) == 0 && S_ISREG(state.st_mode) &&
           (::fcntl(file.get(), F_GETFL) & O_ACCMODE) == O_RDWR;
}

SourceResult bad_result(HostResult result, const core::ToolSpec& tool) {
    const std::optional<ToolErrorType> type = error_type(result.error_type);
    SourceResult bad = failed_result(type.value_or(ToolErrorType::InternalError),
                                     printable(result.message, max_message_bytes), result.recoverable);
    if (!type) {
        bad.unknown_error = printable(result.error_type, max_error_type_bytes);
        log::warn("plugin {}: {} fails with \"{}\", which is no type of failure and counts as InternalError",
                  tool.plugin, tool.name, bad.unknown_error);
    }
    if (bad.message.empty()) bad.message = "The tool " + tool.name + " failed.";
    if (bad.error == ToolErrorType::QuotaExceededError) bad.message += memory_denial_of(tool);
    if (!result.details.empty() && is_json(result.details)) bad.details = std::move(result.details);
    return bad;
}

SourceResult good_result(HostResult result, std::vector<UniqueFd> files, const core::ToolSpec& tool,
                         const CallQuotas& quotas) {
    const std::string subject = "The tool " + tool.name + " of the plugin " + tool.plugin;
    const auto wrong = [&](const std::string& what) {
        return failed_result(ToolErrorType::InternalError, subject + " " + what, false);
    };
    if (!is_json(result.data))
        return wrong("returned something that is no JSON, or is nested more than " +
                     std::to_string(max_json_depth) + " levels deep.");
    if (files.size() != result.artifacts.size()) return wrong("returned artifacts without their files.");
    const std::string too_much = beyond_artifact_quota(tool.name, bytes_of(files), quotas);
    if (!too_much.empty()) return failed_result(ToolErrorType::QuotaExceededError, too_much, true);
    SourceResult good;
    good.success = true;
    good.data = std::move(result.data);
    good.summary = printable(result.summary, max_summary_bytes);
    for (std::size_t i = 0; i < files.size(); ++i) {
        HostArtifact& about = result.artifacts[i];
        if (!is_kind(about.kind))
            return wrong("named the kind of an artifact with other than a-z, 0-9 and \"_\".");
        if (about.metadata.empty()) about.metadata = "{}";
        if (!is_json(about.metadata, true))
            return wrong("described an artifact with something that is no JSON object.");
        if (!is_plain_file(files[i])) return wrong("returned an artifact that is no file.");
        core::ArtifactDraft draft;
        draft.file = std::move(files[i]);
        draft.about.kind = std::move(about.kind);
        draft.about.name = file_name(about.name);
        draft.about.media_type = printable(about.media_type, max_name_bytes);
        draft.about.metadata = std::move(about.metadata);
        good.artifacts.push_back(std::move(draft));
    }
    return good;
}

}  // namespace

SourceResult failed_result(ToolErrorType type, std::string message, bool recoverable) {
    SourceResult result;
    result.error = type;
    result.message = std::move(message);
    result.recoverable = recoverable;
    return result;
}

HostCall message_of(const SourceCall& call, std::uint64_t number) {
    HostCall message;
    message.number = number;
    message.memory_bytes = static_cast<std::uint64_t>(call.spec->memory_limit_mb) << 20;
    message.tool = call.spec->name;
    message.arguments = call.call.arguments;
    for (const OpenArtifact& input : call.artifacts) {
        const core::Artifact& about = input.artifact;
        message.artifacts.push_back({about.handle, about.kind, about.name, about.media_type, about.metadata,
                                     static_cast<std::uint64_t>(about.size)});
    }
    return message;
}

std::optional<SourceResult> refuse_oversize(const SourceCall& call) {
    std::size_t bytes = call.call.arguments.size();
    for (const OpenArtifact& input : call.artifacts) bytes += input.artifact.metadata.size() + 1'024;
    if (bytes <= max_frame_bytes / 2 && call.artifacts.size() <= max_frame_files) return std::nullopt;
    return failed_result(
        ToolErrorType::QuotaExceededError,
        "The arguments of " + call.spec->name + " are too large, or name too many artifacts.", true);
}

Task<HostReply> answer_of(const SourceCall& call, HostQuestion question) {
    const std::uint64_t number = question.number;
    HostReply reply;
    if (!call.catalogue)
        reply = Catalogue::refusal(
            ToolErrorType::PermissionError,
            "The tool " + call.spec->name + " may look up nothing: its manifest has no \"looks_up\".");
    else
        reply = co_await call.catalogue->answer(std::move(question));
    reply.answer.number = number;
    co_return reply;
}

core::ToolProgress progress_of(const HostProgress& progress) {
    const double fraction =
        progress.fraction >= 0 ? std::min(progress.fraction, 1.0) : 0.0;  // also when no number
    return {fraction, printable(progress.note, max_note_bytes)};
}

SourceResult result_of(HostResult result, std::vector<UniqueFd> files, const core::ToolSpec& tool,
                       const CallQuotas& quotas) {
    if (!result.success) return bad_result(std::move(result), tool);
    return good_result(std::move(result), std::move(files), tool, quotas);
}

}  // namespace assistd::tools
