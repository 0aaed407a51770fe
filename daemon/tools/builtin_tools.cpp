#include "tools/builtin_tools.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "tools/results.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

std::shared_ptr<core::ToolSpec> own_tool(std::string name, std::string title, std::string description,
                                         std::string input_schema, std::vector<std::string> phrases) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = std::move(name);
    spec->title = std::move(title);
    spec->description = std::move(description);
    spec->category = "assistd";
    spec->input_schema = std::move(input_schema);
    spec->effects.reads = true;
    spec->effects.idempotent = true;
    spec->phrases = std::move(phrases);
    spec->plugin = "assistd";
    spec->plugin_version = "1.0.0";
    return spec;
}

const char* const job_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "job_id": {"type": "string", "description": "The job, as a running tool gave it (job_...)"}}})json";

const char* const wait_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "job_id": {"type": "string", "description": "The job, as a running tool gave it (job_...)"},
        "timeout_s": {"type": "number", "minimum": 0, "maximum": 60, "default": 30,
                      "description": "How long to wait, in seconds"}}})json";

const char* const list_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "kind": {"type": "string", "description": "Only this kind, such as simulation or plot"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20, "description": "How many"}}})json";

std::shared_ptr<const core::ToolSpec> get_job_status_spec() {
    return own_tool(
        "get_job_status", "Status of a job",
        "Says how far a background job has come, and its result once it has ended. Without job_id: "
        "the newest job.",
        job_schema,
        {"how is (the|my) (job|simulation|run) [doing]", "how far is (the|my) (job|simulation|run)",
         "[show|get|check] [the] job status [of {job_id}]", "status of (the|my) job",
         "[get|check] [the] status of [job] {job_id}",
         "is (the|my) (job|simulation|run) (done|ready|finished)"});
}

std::shared_ptr<const core::ToolSpec> wait_for_job_spec() {
    const auto spec =
        own_tool("wait_for_job", "Wait for a job",
                 "Waits until a background job has ended, at most timeout_s seconds, and gives its "
                 "result. Without job_id: the newest job.",
                 wait_schema,
                 {"wait for (the|my) (job|simulation|run) [to (finish|end)]", "wait for [job] {job_id}",
                  "wait until (the|my) (job|simulation|run) is (done|ready|finished)"});
    // It waits by design and must not become a job of its own.
    spec->time_limit = std::chrono::seconds(70);
    spec->job_after = std::chrono::hours(1);
    return spec;
}

std::shared_ptr<const core::ToolSpec> list_artifacts_spec() {
    const std::string kinds =
        "(artifacts|files|results|simulations{kind=simulation}|plots{kind=plot}|analyses{kind=analysis}|"
        "tables{kind=table}|geometries{kind=geometry})";
    return own_tool(
        "list_artifacts", "List artifacts",
        "Lists the files that tools have made and people have uploaded, newest first, with the handles "
        "by which other tools take them.",
        list_schema,
        {"(list|show) [all] [my] [last {limit}] " + kinds, "(what|which) " + kinds + " (do i have|are there)",
         "what have i (made|created)"});
}

SourceResult good(const json& data, std::string summary) {
    SourceResult result;
    result.success = true;
    result.data = data.dump();
    result.summary = std::move(summary);
    return result;
}

std::string percent(double fraction) {
    return std::to_string(std::lround(fraction * 100)) + " %";
}

SourceResult report(const core::Job& job) {
    json data = {{"job_id", job.id.text()},
                 {"tool", job.tool},
                 {"status", core::name_of(job.state)},
                 {"progress", job.fraction}};
    if (!job.note.empty()) data["note"] = job.note;
    if (job.state == core::JobState::running) {
        const std::string note = job.note.empty() ? "." : ": " + job.note;
        return good(data, job.tool + " is at " + percent(job.fraction) + note);
    }
    json result = json::parse(job.result, nullptr, false);
    if (!result.is_discarded()) data["result"] = std::move(result);
    const std::string summary = job.summary.empty() ? "." : ": " + job.summary;
    return good(data, job.tool + " has ended (" + std::string(core::name_of(job.state)) + ")" + summary);
}

json described(const core::Artifact& artifact) {
    return {{"id", artifact.id.text()},
            {"handle", artifact.handle},
            {"kind", artifact.kind},
            {"name", artifact.name},
            {"media_type", artifact.media_type},
            {"size", artifact.size},
            {"tool", artifact.tool},
            {"created_at", to_iso8601(artifact.created_at)},
            {"url", content_url(artifact.handle)}};
}

}  // namespace

BuiltinTools::BuiltinTools(BackgroundJobs& jobs, core::Store& store, core::Artifacts& artifacts)
    : jobs_(jobs),
      store_(store),
      artifacts_(artifacts),
      specs_({get_job_status_spec(), wait_for_job_spec(), list_artifacts_spec()}) {}

Task<SourceResult> BuiltinTools::call(SourceCall call, core::ProgressSink progress) {
    SourceResult result;
    try {
        if (call.spec->name == "get_job_status")
            result = co_await get_job_status(std::move(call));
        else if (call.spec->name == "wait_for_job")
            result = co_await wait_for_job(std::move(call), std::move(progress));
        else
            result = co_await list_artifacts(std::move(call));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        result = failed(core::ToolErrorType::ValidationError, error.what(), true);
    }
    co_return result;
}

Task<JobId> BuiltinTools::job_of(core::Owner owner, std::string text) {
    if (text.empty()) {
        core::JobQuery query;
        query.owner = std::move(owner);
        query.limit = 1;
        const core::Page<core::Job> newest = co_await store_.jobs(std::move(query));
        if (newest.items.empty()) throw Error(ErrorCode::not_found, "There are no background jobs.");
        co_return newest.items.front().id;
    }
    const std::optional<JobId> id = JobId::parse(text);
    if (!id) throw Error(ErrorCode::not_found, "There is no job " + shown(json(text)) + ".");
    co_return *id;
}

Task<SourceResult> BuiltinTools::get_job_status(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    const JobId id = co_await job_of(call.call.owner, arguments.value("job_id", ""));
    const core::Job job = co_await jobs_.status(call.call.owner, id);
    co_return report(job);
}

Task<SourceResult> BuiltinTools::wait_for_job(SourceCall call, core::ProgressSink progress) {
    const json arguments = json::parse(call.call.arguments);
    const JobId id = co_await job_of(call.call.owner, arguments.value("job_id", ""));
    const std::chrono::milliseconds at_most(std::llround(arguments.at("timeout_s").get<double>() * 1000));
    const core::Job job =
        co_await jobs_.wait(call.call.owner, id, at_most, call.call.stop, std::move(progress));
    co_return report(job);
}

Task<SourceResult> BuiltinTools::list_artifacts(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    core::ArtifactQuery query;
    query.owner = call.call.owner;
    query.kind = arguments.value("kind", "");
    query.limit = arguments.at("limit").get<int>();
    const core::Page<core::Artifact> page = co_await artifacts_.list(std::move(query));
    json data = {{"artifacts", json::array()}, {"count", page.items.size()}, {"more", !page.next.empty()}};
    std::string summary;
    for (const core::Artifact& artifact : page.items) {
        data["artifacts"].push_back(described(artifact));
        summary += (summary.empty() ? "" : ", ") + artifact.handle + " (" + artifact.name + ")";
    }
    if (page.items.empty())
        summary = "There are none yet.";
    else
        summary = std::to_string(page.items.size()) +
                  (page.items.size() == 1 ? " artifact: " : " artifacts: ") + summary;
    co_return good(data, std::move(summary));
}

}  // namespace assistd::tools
