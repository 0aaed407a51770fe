// assistctl projects: lists, makes, shows, changes and deletes what conversations and files belong to.

#include <algorithm>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::string_view id_prefix = "proj_";
constexpr std::size_t id_digits = 32;

bool is_id(const std::string& text) {
    if (!text.starts_with(id_prefix) || text.size() != id_prefix.size() + id_digits) return false;
    return text.find_first_not_of("0123456789abcdef", id_prefix.size()) == std::string::npos;
}

std::string path_to(const Context& context, const std::string& project) {
    return "/projects/" + HttpClient::escaped(project_id(context, project));
}

void done(Context& context, const Json& document, const std::string& sentence) {
    if (!as_json(context, document)) context.out << harmless(sentence) << '\n';
}

// "detector=Eiger 4M" as a member of the facts; what looks like a number, true or false is one.
void add_fact(Json& facts, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Failure(ExitCode::usage, "A fact is written NAME=VALUE; this is none: \"" + text + "\".");
    const std::string value = text.substr(equals + 1);
    const Json parsed = Json::parse(value, nullptr, false);
    const bool plain = parsed.is_number() || parsed.is_boolean();
    facts[text.substr(0, equals)] = plain ? parsed : Json(value);
}

}  // namespace

std::string project_id(const Context& context, const std::string& name_or_id) {
    if (name_or_id.empty() || is_id(name_or_id)) return name_or_id;
    const Json page = context.api.get("/projects?name=" + HttpClient::escaped(name_or_id));
    const Json found = page.value("projects", Json::array());
    if (found.empty())
        throw Failure(ExitCode::failed,
                      "There is no project \"" + name_or_id + "\"; make it with: " + context.api.program() +
                          " projects create \"" + name_or_id + "\"",
                      "not_found_error", "not_found");
    return field(found.front(), "id");
}

ExitCode list_projects(Context& context, const ListOptions& options) {
    const Json page = context.api.get("/projects" + query_of(options, "q") +
                                      (options.archived ? "&archived=true" : "&archived=false"));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {
        {"ID", "LAST ACTIVITY", "CONVERSATIONS", "ARTIFACTS", "JOBS", "NAME"}};
    for (const Json& item : page.value("projects", Json::array()))
        rows.push_back({field(item, "id"), when(field(item, "last_activity_at")),
                        field(item, "conversation_count"), field(item, "artifact_count"),
                        field(item, "job_count"), field(item, "name")});
    print_list(context, page, rows, "There are no projects.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode create_project(Context& context, const ProjectOptions& options) {
    Json body = {{"name", options.name}};
    if (!options.description.empty()) body["description"] = options.description;
    Json facts = Json::object();
    for (const std::string& fact : options.facts) add_fact(facts, fact);
    if (!facts.empty()) body["facts"] = facts;
    const Json made = context.api.post("/projects", body);
    done(context, made, "Made " + field(made, "name") + " (" + field(made, "id") + ").");
    return ExitCode::good;
}

ExitCode show_project(Context& context, const std::string& project) {
    const Json about = context.api.get(path_to(context, project));
    if (as_json(context, about)) return ExitCode::good;
    print_fields(context, {{"id", field(about, "id")},
                           {"name", field(about, "name")},
                           {"description", field(about, "description")},
                           {"archived", field(about, "is_archived") == "true" ? "yes" : ""},
                           {"conversations", field(about, "conversation_count")},
                           {"artifacts", field(about, "artifact_count")},
                           {"jobs", field(about, "job_count")},
                           {"last activity", when(field(about, "last_activity_at"))},
                           {"created", when(field(about, "created_at"))}});
    const Json facts = about.value("facts", Json::object());
    if (!facts.is_object() || facts.empty()) return ExitCode::good;
    context.out << "\nFacts that models are told\n";
    for (const auto& [name, value] : facts.items())
        context.out << paragraph(context, name + ": " + field(facts, name), 2) << '\n';
    return ExitCode::good;
}

ExitCode delete_project(Context& context, const std::string& project, bool force) {
    const std::string id = project_id(context, project);
    context.api.remove("/projects/" + HttpClient::escaped(id) + (force ? "?force=true" : ""));
    done(context, {{"id", id}, {"deleted", true}}, "Deleted " + project + ".");
    return ExitCode::good;
}

ExitCode archive_project(Context& context, const std::string& project) {
    const Json changed = context.api.post(path_to(context, project) + "/archive", Json::object());
    done(context, changed, "Archived " + field(changed, "name") + ".");
    return ExitCode::good;
}

ExitCode unarchive_project(Context& context, const std::string& project) {
    const Json changed = context.api.post(path_to(context, project) + "/unarchive", Json::object());
    done(context, changed, "Took " + field(changed, "name") + " out of the archive.");
    return ExitCode::good;
}

}  // namespace assistd::cli
