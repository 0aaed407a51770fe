#include "api/conversations/archiving.h"
#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/json_body.h"
#include "api/query.h"
#include "base/one_line.h"
#include "base/utf8.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_name = 200;
constexpr std::size_t max_description = 2'000;
// Facts are part of every request to a model.
constexpr std::size_t max_facts = 50;
constexpr std::size_t max_facts_size = 8'000;

ProjectId project_in(const Request& request) {
    return id_in_path<ProjectId>(request, "project", "project");
}

std::optional<std::string> name_in(JsonBody& body) {
    const auto name = body.text("name", max_name);
    if (name && name->find_first_not_of(" \t\r\n") == std::string::npos)
        body.wrong("name", "name must not be blank.");
    else if (name && !is_one_line(*name))
        body.wrong("name", "name must be one line, without control characters.");
    return name;
}

// An object of texts, numbers and truths: each becomes a line of the system prompt.
std::optional<std::string> facts_in(JsonBody& body) {
    const auto facts = body.object("facts");
    if (!facts) return facts;
    const Json json = Json::parse(*facts);
    if (json.size() > max_facts)
        body.wrong("facts", "facts may have at most " + std::to_string(max_facts) + " members; it has " +
                                std::to_string(json.size()) + ".");
    if (facts->size() > max_facts_size)
        body.wrong("facts", "facts may have at most " + std::to_string(max_facts_size) + " bytes; it has " +
                                std::to_string(facts->size()) + ".");
    for (const auto& [name, value] : json.items()) {
        const std::string field = "facts." + std::string(whole_characters(one_line(name), 80));
        if (!is_one_line(name))
            body.wrong(field, field + " has a line break or control character in its name.");
        if (value.is_structured() || value.is_null())
            body.wrong(field, field + " must be a string, a number, true or false.");
    }
    return facts;
}

// null takes away what a project has, but for its name.
core::ProjectChange read_change(JsonBody& body) {
    core::ProjectChange change;
    change.name = name_in(body);
    if (body.is_null("name")) body.wrong("name", "name must not be null.");
    change.description = body.text("description", max_description);
    if (body.is_null("description")) change.description = "";
    change.facts = facts_in(body);
    if (body.is_null("facts")) change.facts = "{}";
    change.metadata = body.object("metadata");
    if (body.is_null("metadata")) change.metadata = "{}";
    return change;
}

Task<Reply> set_archived(const Services& services, Request request, bool archived) {
    const auto change = archiving<core::ProjectChange>(request, archived);
    const core::Project changed =
        co_await services.projects.change(request.user, project_in(request), change);
    co_return Reply::json(to_text(render(changed)));
}

}  // namespace

Task<Reply> list_projects(const Services& services, Request request) {
    Query query(request);
    core::ProjectQuery wanted;
    wanted.owner = request.user;
    wanted.name = query.text("name").value_or("");
    wanted.archived = query.boolean("archived");
    wanted.search = query.text("q").value_or("");
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    const core::Page<core::Project> page = co_await services.projects.list(wanted);
    co_return Reply::json(to_text(render_page("projects", page)));
}

Task<Reply> create_project(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request);
    const core::ProjectChange given = read_change(body);
    if (!body.has("name")) body.wrong("name", "name is missing: a project needs one.");
    body.finish();
    core::Project project;
    project.id = ProjectId::make();
    project.owner = request.user;
    project.name = *given.name;
    project.description = given.description.value_or("");
    project.facts = given.facts.value_or("{}");
    project.metadata = given.metadata.value_or("{}");
    project.created_at = now();
    project.updated_at = project.created_at;
    const core::Project stored = co_await services.projects.add(project);
    co_return Reply::json(to_text(render(stored)), 201)
        .with("Location", "/api/v1/ai/projects/" + stored.id.text());
}

Task<Reply> show_project(const Services& services, Request request) {
    Query(request).finish();
    const core::Project project = co_await services.projects.find(request.user, project_in(request));
    co_return Reply::json(to_text(render(project)));
}

Task<Reply> change_project(const Services& services, Request request) {
    Query(request).finish();
    const ProjectId id = project_in(request);
    JsonBody body(request);
    const core::ProjectChange change = read_change(body);
    body.finish();
    if (!change.name && !change.description && !change.facts && !change.metadata) {
        const core::Project same = co_await services.projects.find(request.user, id);
        co_return Reply::json(to_text(render(same)));
    }
    const core::Project changed = co_await services.projects.change(request.user, id, change);
    co_return Reply::json(to_text(render(changed)));
}

// What belongs to a project is worth more than its name: it stays, and only when that was asked for.
Task<Reply> delete_project(const Services& services, Request request) {
    Query query(request);
    const bool even_if_used = query.boolean("force").value_or(false);
    query.finish();
    co_await services.projects.remove(request.user, project_in(request), even_if_used);
    co_return Reply::empty();
}

Task<Reply> archive_project(const Services& services, Request request) {
    return set_archived(services, std::move(request), true);
}

Task<Reply> unarchive_project(const Services& services, Request request) {
    return set_archived(services, std::move(request), false);
}

}  // namespace assistd::api::conversations
