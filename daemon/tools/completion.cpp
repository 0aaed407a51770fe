#include "tools/completion.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/json_depth.h"
#include "base/logging.h"
#include "tools/catalogue.h"
#include "tools/registry.h"
#include "tools/results.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// Broken promises are the plugin author's to mend, so the sentence goes to the log as well.
core::ToolOutcome broken(const RunningCall& running, const std::string& sentence) {
    log::error("{} tool={} plugin={}", sentence, running.tool->spec->name, running.tool->spec->plugin);
    return failure(core::ToolErrorType::InternalError, sentence, false);
}

bool is_object_text(const std::string& text) {
    return text.empty() || json::parse(text, nullptr, false).is_object();
}

std::string seed_of(const SourceResult& result) {
    const json data = json::parse(result.data, nullptr, false);
    if (!data.is_object() || !data.contains("seed")) return "";
    const json& seed = data.at("seed");
    if (seed.is_string()) return seed.get<std::string>();
    return seed.is_number() ? seed.dump() : "";
}

// Those that the arguments name, then those that it looked up.
std::vector<std::string> parents_of(const RunningCall& running) {
    std::vector<std::string> parents = running.parents;
    if (!running.catalogue) return parents;
    for (const std::string& handle : running.catalogue->opened())
        if (std::ranges::find(parents, handle) == parents.end()) parents.push_back(handle);
    return parents;
}

}  // namespace

std::optional<core::ToolOutcome> broken_promise(const RunningCall& running, const SourceResult& result) {
    const core::ToolSpec& spec = *running.tool->spec;
    for (const core::ArtifactDraft& draft : result.artifacts)
        if (draft.about.kind.empty() || !draft.file || !is_object_text(draft.about.metadata))
            return broken(running,
                          spec.name + " made an artifact without a kind, a file or proper metadata.");
    if (is_nested_too_deeply(result.data))
        return broken(running, spec.name + " gave a result that is nested deeper than " +
                                   std::to_string(deepest_json) + " levels.");
    if (running.tool->output.accepts_everything()) {
        if (json::accept(result.data)) return std::nullopt;
        return broken(running, spec.name + " gave a result that is not valid JSON.");
    }
    const json data = json::parse(result.data, nullptr, false);
    if (data.is_discarded()) return broken(running, spec.name + " gave a result that is not valid JSON.");
    const std::vector<FieldError> errors = running.tool->output.check(data, wording_of_result(spec.name));
    if (errors.empty()) return std::nullopt;
    return broken(running, spec.name + " gave a result that does not fit its own output schema: " +
                               errors.front().message);
}

core::ToolOutcome failure_of(const RunningCall& running, const SourceResult& result) {
    if (result.quarantine) return refusal_by(*result.quarantine);
    const std::string& name = running.tool->spec->name;
    const std::string message =
        result.message.empty() ? name + " failed and did not say why." : result.message;
    const bool good_details = result.details.empty() || json::accept(result.details);
    if (!good_details) log::warn("details of a failure are not valid JSON tool={}", name);
    return failure(result.error, message, result.recoverable, good_details ? result.details : "");
}

std::vector<core::ArtifactDraft> completed_drafts(const RunningCall& running, SourceResult& result) {
    const core::ToolSpec& spec = *running.tool->spec;
    const std::string seed = seed_of(result);
    const std::vector<std::string> parents = parents_of(running);
    std::vector<core::ArtifactDraft> drafts = std::move(result.artifacts);
    for (core::ArtifactDraft& draft : drafts) {
        core::Artifact& about = draft.about;
        about.owner = running.call.owner;
        about.project_id = running.call.project_id;
        about.conversation = running.call.conversation;
        about.turn = running.call.turn;
        about.call_id = running.call.call_id;
        about.tool = spec.name;
        about.plugin = spec.plugin + " " + spec.plugin_version;
        about.parameters = running.call.arguments;
        about.seed = seed;
        about.parents = parents;
        if (about.metadata.empty()) about.metadata = "{}";
    }
    return drafts;
}

core::ArtifactDraft whole_result(const RunningCall& running, const SourceResult& result, UniqueFd file) {
    std::string_view left = result.data;
    while (!left.empty()) {
        const ssize_t written = ::write(file.get(), left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            throw Error(ErrorCode::unavailable,
                        std::string("A long result cannot be written: ") + std::strerror(errno) + ".");
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    core::ArtifactDraft draft;
    draft.file = std::move(file);
    draft.about.kind = "result";
    draft.about.name = running.tool->spec->name + "-result.json";
    draft.about.media_type = "application/json";
    return draft;
}

core::ArtifactRef ref_of(const core::Artifact& artifact) {
    return {artifact.id, artifact.handle, artifact.kind, artifact.name, artifact.media_type, artifact.size};
}

core::Job job_of(const RunningCall& running) {
    core::Job job;
    job.id = JobId::make();
    job.owner = running.call.owner;
    job.conversation = running.call.conversation;
    job.turn = running.call.turn;
    job.call_id = running.call.call_id;
    job.project_id = running.call.project_id;
    job.tool = running.tool->spec->name;
    job.arguments = running.call.arguments;
    job.created_at = now();
    return job;
}

}  // namespace assistd::tools
