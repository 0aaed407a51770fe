#include "tools/builtin_tools.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/artifact_json.h"
#include "tools/builtin_specs.h"
#include "tools/completion.h"
#include "tools/results.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

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

json described(const core::Job& job) {
    json data = {{"job_id", job.id.text()},
                 {"tool", job.tool},
                 {"status", core::name_of(job.state)},
                 {"progress", job.fraction}};
    if (!job.note.empty()) data["note"] = job.note;
    return data;
}

// "run_dla_simulation is at 62 %: 311 of 500", without a full stop.
std::string sentence_about(const core::Job& job) {
    const bool runs = job.state == core::JobState::running;
    const std::string more = runs ? job.note : job.summary;
    return job.tool +
           (runs ? " is at " + percent(job.fraction)
                 : " has ended (" + std::string(core::name_of(job.state)) + ")") +
           (more.empty() ? "" : ": " + more);
}

json described(const core::Artifact& artifact) {
    json data = core::to_json(ref_of(artifact));
    data["tool"] = artifact.tool;
    data["created_at"] = to_iso8601(artifact.created_at);
    return data;
}

// "dla.npy, made by run_dla_simulation"
std::string told_of(const core::Artifact& artifact) {
    return artifact.name + (artifact.tool.empty() ? ", uploaded" : ", made by " + artifact.tool);
}

}  // namespace

BuiltinTools::BuiltinTools(BackgroundJobs& jobs, core::Store& store, core::Artifacts& artifacts)
    : jobs_(jobs), store_(store), artifacts_(artifacts), specs_(builtin_specs()) {}

Task<SourceResult> BuiltinTools::call(SourceCall call, core::ProgressSink progress) {
    SourceResult result;
    try {
        result = co_await answer(std::move(call), std::move(progress));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        result = failed(core::ToolErrorType::ValidationError, error.what(), true);
    }
    co_return result;
}

Task<SourceResult> BuiltinTools::answer(SourceCall call, core::ProgressSink progress) {
    const std::string name = call.spec->name;
    if (name == "get_job_status") co_return co_await get_job_status(std::move(call));
    if (name == "wait_for_job") co_return co_await wait_for_job(std::move(call), std::move(progress));
    if (name == "cancel_job") co_return co_await cancel_job(std::move(call));
    if (name == "list_jobs") co_return co_await list_jobs(std::move(call));
    if (name == "show_artifact") co_return co_await show_artifact(std::move(call));
    co_return co_await list_artifacts(std::move(call));
}

Task<JobId> BuiltinTools::job_of(core::ToolCall call, bool only_running) {
    const std::string text = json::parse(call.arguments).value("job_id", "");
    if (!text.empty()) {
        const std::optional<JobId> id = JobId::parse(text);
        if (!id) throw Error(ErrorCode::not_found, "There is no job " + shown(json(text)) + ".");
        co_return *id;
    }
    core::JobQuery query;
    query.owner = call.owner;
    query.limit = 100;
    if (only_running) query.state = core::JobState::running;
    const std::string what = only_running ? "running background job" : "background job";
    const core::Page<core::Job> newest = co_await store_.jobs(std::move(query));
    if (newest.items.empty()) throw Error(ErrorCode::not_found, "There are no " + what + "s.");
    for (const core::Job& job : newest.items)
        if (call.conversation.is_nil() || job.conversation == call.conversation) co_return job.id;
    const core::Job& other = newest.items.front();
    throw Error(ErrorCode::not_found, "There is no " + what +
                                          " in this conversation. The newest one elsewhere is " +
                                          other.id.text() + " (" + other.tool + ").");
}

Task<SourceResult> BuiltinTools::report(core::Job job) {
    json data = described(job);
    const bool runs = job.state == core::JobState::running;
    json body = runs ? json() : json::parse(job.result, nullptr, false);
    SourceResult result;
    if (body.is_object() && body.contains("artifacts"))
        for (const json& artifact : body["artifacts"]) {
            std::string handle = artifact.value("handle", "");
            try {
                const core::Artifact found = co_await artifacts_.find(job.owner, std::move(handle));
                result.existing.push_back(ref_of(found));
            } catch (const Error& error) {
                // It was deleted since.
                if (error.code() != ErrorCode::not_found) throw;
            }
        }
    const bool known = !runs && !body.is_discarded();
    if (known) data["result"] = std::move(body);
    result.success = true;
    result.data = data.dump();
    result.summary = sentence_about(job);
    if (!result.summary.ends_with('.') && (runs ? job.note : job.summary).empty()) result.summary += '.';
    co_return result;
}

Task<SourceResult> BuiltinTools::get_job_status(SourceCall call) {
    const JobId id = co_await job_of(call.call, false);
    core::Job job = co_await jobs_.status(call.call.owner, id);
    co_return co_await report(std::move(job));
}

Task<SourceResult> BuiltinTools::wait_for_job(SourceCall call, core::ProgressSink progress) {
    const json arguments = json::parse(call.call.arguments);
    const JobId id = co_await job_of(call.call, false);
    const std::chrono::milliseconds at_most(std::llround(arguments.at("timeout_s").get<double>() * 1000));
    core::Job job = co_await jobs_.wait(call.call.owner, id, at_most, call.call.stop, std::move(progress));
    co_return co_await report(std::move(job));
}

Task<SourceResult> BuiltinTools::cancel_job(SourceCall call) {
    const JobId id = co_await job_of(call.call, true);
    const core::Job before = co_await jobs_.status(call.call.owner, id);
    core::Job job = co_await jobs_.cancel(call.call.owner, id);
    const bool ran = before.state == core::JobState::running;
    const bool stopped = ran && job.state == core::JobState::cancelled;
    SourceResult result = co_await report(std::move(job));
    if (stopped) result.summary = before.tool + " was cancelled.";
    if (!ran) result.summary = "There was nothing to cancel: " + result.summary;
    co_return result;
}

Task<SourceResult> BuiltinTools::list_jobs(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    core::JobQuery query;
    query.owner = call.call.owner;
    query.limit = arguments.at("limit").get<int>();
    if (arguments.contains("state"))
        for (const core::JobState state :
             {core::JobState::running, core::JobState::completed, core::JobState::failed,
              core::JobState::cancelled, core::JobState::lost})
            if (core::name_of(state) == arguments["state"]) query.state = state;
    const core::Page<core::Job> page = co_await store_.jobs(std::move(query));
    json data = {{"jobs", json::array()}, {"count", page.items.size()}, {"more", !page.next.empty()}};
    for (const core::Job& stored : page.items) {
        const core::Job job = co_await jobs_.status(call.call.owner, stored.id);
        json row = described(job);
        row["summary"] = sentence_about(job);
        row["here"] = job.conversation == call.call.conversation;
        row["created_at"] = to_iso8601(job.created_at);
        data["jobs"].push_back(std::move(row));
    }
    const std::string which = arguments.contains("state") ? arguments["state"].get<std::string>() + " " : "";
    const std::string count = page.items.empty() ? "no" : std::to_string(page.items.size());
    const bool one = page.items.size() == 1;
    std::string summary =
        "There " + std::string(one ? "is " : "are ") + count + " " + which + (one ? "job." : "jobs.");
    co_return good(data, std::move(summary));
}

Task<SourceResult> BuiltinTools::show_artifact(SourceCall call) {
    std::string handle = json::parse(call.call.arguments).at("artifact").get<std::string>();
    const core::Artifact artifact = co_await artifacts_.find(call.call.owner, std::move(handle));
    SourceResult result = good(described(artifact), artifact.handle + ": " + told_of(artifact) + ".");
    result.existing.push_back(ref_of(artifact));
    co_return result;
}

Task<SourceResult> BuiltinTools::list_artifacts(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    core::ArtifactQuery query;
    query.owner = call.call.owner;
    query.kind = arguments.value("kind", "");
    query.limit = arguments.at("limit").get<int>();
    const core::Page<core::Artifact> page = co_await artifacts_.list(std::move(query));
    json data = {{"artifacts", json::array()}, {"count", page.items.size()}, {"more", !page.next.empty()}};
    for (const core::Artifact& artifact : page.items) {
        json row = described(artifact);
        row["description"] = told_of(artifact);
        data["artifacts"].push_back(std::move(row));
    }
    if (page.items.empty()) co_return good(data, "There are none yet.");
    const std::size_t count = page.items.size();
    co_return good(data, std::to_string(count) + (count == 1 ? " artifact" : " artifacts") +
                             (page.next.empty() ? "." : ", and older ones."));
}

}  // namespace assistd::tools
