#include "tools/arguments.h"

#include "base/json_depth.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

Arguments refused(std::string sentence) {
    Arguments arguments;
    arguments.errors.push_back({"arguments", std::move(sentence)});
    return arguments;
}

// Where artifacts are named: the argument itself, or the items of an array.
struct Place {
    std::string path;
    json* value;
};

std::vector<Place> places(const ArtifactArgument& argument, json& value) {
    std::vector<Place> found;
    const auto member = value.find(argument.name);
    if (member == value.end()) return found;
    if (!argument.several) found.push_back({argument.name, &*member});
    if (argument.several && member->is_array())
        for (std::size_t i = 0; i < member->size(); ++i)
            found.push_back({join_path(argument.name, i), &(*member)[i]});
    std::erase_if(found, [](const Place& place) { return !place.value->is_string(); });
    return found;
}

// Nothing when there is none of that name, or not for this owner.
Task<std::optional<core::Artifact>> find(core::Artifacts& artifacts, core::Owner owner, std::string name) {
    try {
        co_return co_await artifacts.find(std::move(owner), std::move(name));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::validation) throw;
    }
    co_return std::nullopt;
}

// Of an ended job: the handles of what it made.
std::vector<std::string> made_by(const core::Job& job) {
    const json result = json::parse(job.result, nullptr, false);
    std::vector<std::string> handles;
    if (!result.is_object() || !result.contains("artifacts") || !result["artifacts"].is_array())
        return handles;
    for (const json& artifact : result["artifacts"])
        if (artifact.is_object() && artifact.value("handle", json()).is_string())
            handles.push_back(artifact["handle"].get<std::string>());
    return handles;
}

// Why there is no artifact of this name: it may be a job whose result is meant.
Task<std::string> why_missing(core::Jobs* jobs, core::Owner owner, std::string path, std::string name) {
    std::optional<core::Job> job;
    try {
        const auto id = JobId::parse(name);
        if (jobs && id) job = co_await jobs->status(std::move(owner), *id);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    if (!job) co_return path + " names the artifact " + shown(json(name)) + ", which does not exist.";
    const std::string about = path + " names " + name + ", a job of " + job->tool;
    if (job->state == core::JobState::running)
        co_return about + " that is still running (" + std::to_string(static_cast<int>(100 * job->fraction)) +
            " %); what it makes can be named when it has ended. wait_for_job waits for it.";
    const std::vector<std::string> made = made_by(*job);
    if (made.empty())
        co_return about + " that ended as " + std::string(core::name_of(job->state)) +
            " and made no artifact.";
    co_return about + " that has ended; name what it made: " + listed(made, "and") + ".";
}

std::string wrong_kind(const ArtifactArgument& argument, const std::string& path,
                       const core::Artifact& artifact) {
    return path + " must be an artifact of kind " + listed(argument.kinds, "or") + "; " + artifact.handle +
           " is of kind " + artifact.kind + ".";
}

bool takes(const ArtifactArgument& argument, const std::string& kind) {
    return argument.kinds.empty() ||
           std::find(argument.kinds.begin(), argument.kinds.end(), kind) != argument.kinds.end();
}

}  // namespace

Arguments read_arguments(const RegisteredTool& tool, std::string text) {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) text = "{}";
    if (is_nested_too_deeply(text))
        return refused("The arguments are nested deeper than " + std::to_string(deepest_json) + " levels.");
    Arguments arguments;
    arguments.value = json::parse(text, nullptr, false);
    if (arguments.value.is_discarded()) return refused("The arguments are not valid JSON.");
    if (!arguments.value.is_object())
        return refused("The arguments must be a JSON object, not " + shown(arguments.value) + ".");
    const bool changed = tool.input.prepare(arguments.value);
    arguments.errors = tool.input.check(arguments.value, wording_of_arguments(tool.spec->name));
    arguments.text = changed ? arguments.value.dump() : std::move(text);
    return arguments;
}

Task<OpenedArguments> open_artifacts(std::shared_ptr<const RegisteredTool> tool, Arguments arguments,
                                     core::Owner owner, core::Artifacts& artifacts, core::Jobs* jobs) {
    OpenedArguments opened{std::move(arguments), {}};
    std::vector<FieldError>& errors = opened.arguments.errors;
    bool renamed = false;
    for (const ArtifactArgument& argument : tool->artifact_arguments) {
        for (const Place& place : places(argument, opened.arguments.value)) {
            const std::string name = place.value->get<std::string>();
            std::optional<core::Artifact> found = co_await find(artifacts, owner, name);
            if (!found) {
                std::string why = co_await why_missing(jobs, owner, place.path, name);
                errors.push_back({place.path, std::move(why)});
                continue;
            }
            if (!takes(argument, found->kind)) {
                errors.push_back({place.path, wrong_kind(argument, place.path, *found)});
                continue;
            }
            if (found->handle != name) {
                *place.value = found->handle;
                renamed = true;
            }
            const bool known =
                std::any_of(opened.artifacts.begin(), opened.artifacts.end(),
                            [&](const OpenArtifact& other) { return other.artifact.id == found->id; });
            if (known) continue;
            UniqueFd file = co_await artifacts.open(*found);
            opened.artifacts.push_back({std::move(*found), std::move(file)});
        }
    }
    if (renamed) opened.arguments.text = opened.arguments.value.dump();
    co_return opened;
}

}  // namespace assistd::tools
