// assistctl artifacts, jobs: lists and single things.

#include <cmath>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/transfer.h"
#include "cli/until_ended.h"

namespace assistd::cli {
namespace {

std::string path_to(const std::string& kind, const std::string& name) {
    if (name.empty()) throw Failure(ExitCode::usage, "The name must not be empty.");
    return "/" + kind + "/" + HttpClient::escaped(name);
}

Json items(const Json& page, const char* name) {
    const auto found = page.find(name);
    return found != page.end() && found->is_array() ? *found : Json::array();
}

std::string percent(const Json& job) {
    const auto progress = job.find("progress");
    if (progress == job.end() || !progress->is_number()) return "";
    return std::to_string(std::lround(progress->get<double>() * 100)) + " %";
}

std::string bytes_of(const Json& artifact) {
    const auto size = artifact.find("size");
    return size != artifact.end() && size->is_number() ? size_text(size->get<long long>()) : "";
}

std::string in_project(const Context& context, const ListOptions& options) {
    if (options.project.empty()) return "";
    return "&project_id=" + HttpClient::escaped(project_id(context, options.project));
}

void done(Context& context, const Json& document, const std::string& sentence) {
    if (!as_json(context, document)) context.out << harmless(sentence) << '\n';
}

void print_job(Context& context, const Json& job) {
    print_fields(context, {{"id", field(job, "id")},
                           {"tool", tool_of(context, job)},
                           {"state", field(job, "state")},
                           {"progress", percent(job)},
                           {"note", field(job, "note")},
                           {"summary", field(job, "summary")},
                           {"arguments", field(job, "arguments")},
                           {"created", when(field(job, "created_at"))},
                           {"finished", when(field(job, "finished_at"))},
                           {"result", field(job, "result")}});
}

}  // namespace

ExitCode list_artifacts(Context& context, const ListOptions& options) {
    std::string query = query_of(options, "kind") + in_project(context, options);
    if (!options.words.empty()) query += "&q=" + HttpClient::escaped(options.words);
    const Json page = context.api.get("/artifacts" + query);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"HANDLE", "NAME", "SIZE", "CREATED", "TOOL"}};
    for (const Json& item : items(page, "artifacts"))
        rows.push_back({field(item, "handle"), field(item, "name"), bytes_of(item),
                        when(field(item, "created_at")), tool_of(context, item)});
    print_list(context, page, rows,
               options.words.empty() ? "There are no artifacts." : "No artifact has these words.");
    return ExitCode::good;
}

ExitCode add_artifacts(Context& context, const std::vector<std::string>& files) {
    Json all = Json::array();
    for (const std::string& file : files) {
        const Added added = add_file(context, file);
        all.push_back(added.artifact);
        if (!context.json)
            context.out << harmless(field(added.artifact, "handle") + "  " + file)
                        << (added.was_there ? "  (you have this already)" : "") << '\n';
    }
    as_json(context, {{"artifacts", all}});
    return ExitCode::good;
}

ExitCode show_artifact(Context& context, const std::string& handle) {
    const Json artifact = context.api.get(path_to("artifacts", handle));
    if (as_json(context, artifact)) return ExitCode::good;
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& member : artifact.items())
        fields.emplace_back(member.key(), member.key() == "tool" ? tool_of(context, artifact)
                                                                 : field(artifact, member.key()));
    print_fields(context, fields);
    return ExitCode::good;
}

ExitCode get_artifact(Context& context, const std::string& handle, const std::string& file) {
    const std::string path = file.empty() ? free_name_of(context, handle) : file;
    const long long size = download(context, handle, path);
    if (path != "-")
        done(context, {{"handle", handle}, {"file", path}, {"size", size}},
             "Wrote " + path + " (" + size_text(size) + ").");
    return ExitCode::good;
}

ExitCode delete_artifact(Context& context, const std::string& handle) {
    context.api.remove(path_to("artifacts", handle));
    done(context, {{"handle", handle}, {"deleted", true}}, "Deleted " + handle + ".");
    return ExitCode::good;
}

ExitCode reproduce_artifact(Context& context, const std::string& handle) {
    const Json result = context.api.post(path_to("artifacts", handle) + "/reproduce", Json::object());
    done(context, result, field(result, "message"));
    return result.value("identical", Json(false)) == true ? ExitCode::good : ExitCode::failed;
}

ExitCode list_jobs(Context& context, const ListOptions& options) {
    const Json page = context.api.get("/jobs" + query_of(options, "state"));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"ID", "TOOL", "STATE", "DONE", "CREATED", "SUMMARY"}};
    for (const Json& item : items(page, "jobs"))
        rows.push_back({field(item, "id"), tool_of(context, item), field(item, "state"), percent(item),
                        when(field(item, "created_at")), field(item, "summary")});
    if (options.all_users) add_users(rows, items(page, "jobs"));
    print_list(context, page, rows, "There are no jobs.");
    return ExitCode::good;
}

ExitCode show_job(Context& context, const std::string& id) {
    const Json job = context.api.get(path_to("jobs", id));
    if (!as_json(context, job)) print_job(context, job);
    return ExitCode::good;
}

ExitCode wait_job(Context& context, const std::string& id) {
    Awaited awaited;
    awaited.path = path_to("jobs", id);
    awaited.has_ended = [](const Json& job) { return field(job, "state") != "running"; };
    awaited.how_far = [](const Json& job) { return percent(job) + " " + field(job, "note"); };
    awaited.when_left = "The job goes on; stop it with: " + context.api.program() + " jobs cancel " + id;
    const Json job = until_ended(context, awaited);
    if (!as_json(context, job)) print_job(context, job);
    return field(job, "state") == "completed" ? ExitCode::good : ExitCode::failed;
}

ExitCode cancel_job(Context& context, const std::string& id, const std::string& user) {
    const std::string of = user.empty() ? "" : "?user=" + HttpClient::escaped(user);
    const Json job = context.api.post(path_to("jobs", id) + "/cancel" + of, Json::object());
    done(context, job, id + " is " + field(job, "state") + ".");
    return ExitCode::good;
}

}  // namespace assistd::cli
