// assistctl conversations, artifacts, jobs: lists and single things.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <optional>
#include <ostream>

#include "base/unique_fd.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/output.h"

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

// "calls run_dla_simulation with n_particles=500"
std::string call_of(const Json& call) {
    const Json function = call.value("function", Json::object());
    const Json arguments = Json::parse(field(function, "arguments"), nullptr, false);
    const std::string words = arguments.is_discarded() ? field(function, "arguments") : brief(arguments);
    return "calls " + field(function, "name") + (words.empty() ? "" : " with " + words);
}

// A tool's result in a sentence with its files; --json has the numbers.
std::string result_of(const Json& message) {
    const std::string content = field(message, "content");
    const Json result = Json::parse(content, nullptr, false);
    if (!result.is_object()) return content;
    const std::string error = field(result.value("error", Json::object()), "message");
    if (!error.empty()) return "failed: " + error;
    std::string text = field(result, "summary");
    if (text.empty()) return content;
    std::string handles;
    for (const Json& artifact : items(result, "artifacts"))
        handles += (handles.empty() ? "" : ", ") + field(artifact, "handle");
    return handles.empty() ? text : text + " (" + handles + ")";
}

void done(Context& context, const Json& document, const std::string& sentence) {
    if (!as_json(context, document)) context.out << harmless(sentence) << '\n';
}

void write_all(int fd, std::string_view bytes, const std::string& file) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            throw Failure(ExitCode::failed, file + " cannot be written: " + std::strerror(errno) + ".");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

// Downloads to `path` by way of a file beside it, so that a download that breaks or is stopped with Ctrl-C
// leaves nothing behind under either name.
long long download(Context& context, const std::string& handle, const std::string& path) {
    const std::string part = path + ".part";
    // From here on Ctrl-C is asked for, so that it cannot come between the file and its removal.
    std::optional<Interrupts> interrupts;
    if (path != "-") interrupts.emplace();
    const UniqueFd file(path == "-" ? ::dup(STDOUT_FILENO)
                                    : ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file) throw Failure(ExitCode::failed, part + " cannot be made: " + std::strerror(errno) + ".");
    long long size = 0;
    try {
        HttpRequest request;
        request.path = api_prefix + path_to("artifacts", handle) + "/content";
        request.sink = [&](std::string_view bytes) {
            write_all(file.get(), bytes, path);
            size += static_cast<long long>(bytes.size());
        };
        request.tick = [&] {
            if (interrupts && interrupts->take())
                throw Failure(ExitCode::failed, "Stopped; nothing was written.");
        };
        if (interrupts) request.wake_fd = interrupts->fd();
        const HttpReply reply = context.api.http().send(std::move(request));
        ApiClient::check(reply);
        if (!reply.complete)
            throw Failure(ExitCode::failed, "The connection broke in the middle of the file.");
        if (path != "-" && ::rename(part.c_str(), path.c_str()) != 0)
            throw Failure(ExitCode::failed, path + " cannot be written: " + std::strerror(errno) + ".");
    } catch (...) {
        if (path != "-") ::unlink(part.c_str());
        throw;
    }
    return size;
}

}  // namespace

ExitCode list_conversations(Context& context, const ListOptions& options) {
    const Json page =
        context.api.get("/conversations" + query_of(options, "q") + in_project(context, options) +
                        (options.archived ? "&archived=true" : ""));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"ID", "UPDATED", "MSGS", "TITLE"}};
    for (const Json& item : items(page, "conversations")) {
        const std::string title = field(item, "title");
        rows.push_back({field(item, "id"), when(field(item, "updated_at")), field(item, "message_count"),
                        title.empty() ? field(item, "last_message_preview") : title});
    }
    print_list(context, page, rows, "There are no conversations.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode show_conversation(Context& context, const std::string& id) {
    const Json conversation = context.api.get(path_to("conversations", id));
    if (as_json(context, conversation)) return ExitCode::good;
    print_fields(context, {{"id", field(conversation, "id")},
                           {"title", field(conversation, "title")},
                           {"project", field(conversation, "project_id")},
                           {"model", field(conversation, "model")},
                           {"created", when(field(conversation, "created_at"))},
                           {"updated", when(field(conversation, "updated_at"))}});
    for (const Json& message : items(conversation, "messages")) {
        const std::string tool = field(message, "name");
        context.out << '\n' << harmless(field(message, "role") + (tool.empty() ? "" : " " + tool)) << ":\n";
        const std::string content = tool.empty() ? field(message, "content") : result_of(message);
        if (!content.empty()) context.out << paragraph(context, content, 2) << '\n';
        for (const Json& call : items(message, "tool_calls"))
            context.out << paragraph(context, call_of(call), 2) << '\n';
    }
    return ExitCode::good;
}

ExitCode delete_conversation(Context& context, const std::string& id) {
    context.api.remove(path_to("conversations", id));
    done(context, {{"id", id}, {"deleted", true}}, "Deleted " + id + ".");
    return ExitCode::good;
}

ExitCode archive_conversation(Context& context, const std::string& id) {
    const Json changed = context.api.post(path_to("conversations", id) + "/archive", Json::object());
    done(context, changed, "Archived " + id + ".");
    return ExitCode::good;
}

ExitCode unarchive_conversation(Context& context, const std::string& id) {
    const Json changed = context.api.post(path_to("conversations", id) + "/unarchive", Json::object());
    done(context, changed, "Took " + id + " out of the archive.");
    return ExitCode::good;
}

ExitCode list_artifacts(Context& context, const ListOptions& options) {
    const Json page =
        context.api.get("/artifacts" + query_of(options, "kind") + in_project(context, options));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"HANDLE", "NAME", "SIZE", "CREATED", "TOOL"}};
    for (const Json& item : items(page, "artifacts"))
        rows.push_back({field(item, "handle"), field(item, "name"), bytes_of(item),
                        when(field(item, "created_at")), field(item, "tool")});
    print_list(context, page, rows, "There are no artifacts.");
    return ExitCode::good;
}

ExitCode show_artifact(Context& context, const std::string& handle) {
    const Json artifact = context.api.get(path_to("artifacts", handle));
    if (as_json(context, artifact)) return ExitCode::good;
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& member : artifact.items())
        fields.emplace_back(member.key(), field(artifact, member.key()));
    print_fields(context, fields);
    return ExitCode::good;
}

ExitCode get_artifact(Context& context, const std::string& handle, const std::string& file) {
    std::string path = file;
    if (path.empty()) {
        const Json artifact = context.api.get(path_to("artifacts", handle));
        path = std::filesystem::path(harmless(field(artifact, "name"))).filename().string();
        if (path.empty() || path == "." || path == "..") path = handle;
        if (std::filesystem::exists(path))
            throw Failure(ExitCode::failed, path + " is there already; choose another name with -o.");
    }
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
        rows.push_back({field(item, "id"), field(item, "tool"), field(item, "state"), percent(item),
                        when(field(item, "created_at")), field(item, "summary")});
    print_list(context, page, rows, "There are no jobs.");
    return ExitCode::good;
}

ExitCode show_job(Context& context, const std::string& id) {
    const Json job = context.api.get(path_to("jobs", id));
    if (as_json(context, job)) return ExitCode::good;
    print_fields(context, {{"id", field(job, "id")},
                           {"tool", field(job, "tool")},
                           {"state", field(job, "state")},
                           {"progress", percent(job)},
                           {"note", field(job, "note")},
                           {"summary", field(job, "summary")},
                           {"arguments", field(job, "arguments")},
                           {"created", when(field(job, "created_at"))},
                           {"finished", when(field(job, "finished_at"))},
                           {"result", field(job, "result")}});
    return ExitCode::good;
}

ExitCode cancel_job(Context& context, const std::string& id) {
    const Json job = context.api.post(path_to("jobs", id) + "/cancel", Json::object());
    done(context, job, id + " is " + field(job, "state") + ".");
    return ExitCode::good;
}

}  // namespace assistd::cli
