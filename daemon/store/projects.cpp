#include "store/projects.h"

#include <fmt/format.h>

#include "base/error.h"
#include "store/listed.h"

namespace assistd::store {
namespace {

// Other tables name a project by its id as text. "<> ''" is what their indexes ask for.
#define OF_PROJECT(table) \
    " FROM " table " WHERE project_id = 'proj_' || lower(hex(projects.id)) AND project_id <> '') "

#define PROJECT_COLUMNS \
    "key, id, owner, name, description, facts, metadata, archived, created_at, updated_at, "        \
    "(SELECT count(*)" OF_PROJECT("conversations") ", (SELECT count(*)" OF_PROJECT("artifacts")     \
        ", (SELECT count(*)" OF_PROJECT("jobs")                                                     \
            ", max((SELECT coalesce(max(updated_at), 0)" OF_PROJECT("conversations")                \
                ", (SELECT coalesce(max(created_at), 0)" OF_PROJECT("artifacts")                    \
                    ", (SELECT coalesce(max(created_at), 0)" OF_PROJECT("jobs") ") "

core::Project project_at(const Rows& row) {
    core::Project project;
    project.id = {row.uuid(1)};
    project.owner = row.text(2);
    project.name = row.text(3);
    project.description = row.text(4);
    project.facts = row.text(5);
    project.metadata = row.text(6);
    project.archived = row.flag(7);
    project.created_at = row.time(8);
    project.updated_at = row.time(9);
    project.numbers = {row.integer(10), row.integer(11), row.integer(12), row.time(13)};
    return project;
}

#define LISTED_PROJECTS                                                                           \
    "SELECT " PROJECT_COLUMNS                                                                     \
    "FROM projects WHERE owner = ?1 AND (updated_at, key) < (?2, ?3) AND (?4 = '' OR name = ?4) " \
    "AND (?5 IS NULL OR archived = ?5) "

Listed<core::Project> list_all(Database& db, const core::ProjectQuery& query, Place before) {
    return collect(
        db.query(LISTED_PROJECTS "ORDER BY updated_at DESC, key DESC LIMIT ?6", query.owner, before.order,
                 before.key, query.name, query.archived, static_cast<std::int64_t>(query.limit) + 1),
        project_at);
}

Listed<core::Project> list_matching(Database& db, const core::ProjectQuery& query, Place before,
                                    const std::string& words) {
    return collect(db.query(LISTED_PROJECTS
                            "AND key IN (SELECT rowid FROM project_search WHERE project_search MATCH ?7) "
                            "ORDER BY updated_at DESC, key DESC LIMIT ?6",
                            query.owner, before.order, before.key, query.name, query.archived,
                            static_cast<std::int64_t>(query.limit) + 1, words),
                   project_at);
}

// The key of the owner's project by that name.
std::optional<std::int64_t> find_named(Database& db, const core::Owner& owner, const std::string& name) {
    Rows rows = db.query("SELECT key FROM projects WHERE owner = ?1 AND name = ?2", owner, name);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

std::int64_t key_of(Database& db, const core::Owner& owner, ProjectId id) {
    Rows rows = db.query("SELECT key FROM projects WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such project.");
    return rows.integer(0);
}

std::string searched_text(const core::Project& project) {
    return store::searched_text(project.name, project.description);
}

[[noreturn]] void refuse_name(const std::string& name) {
    throw Error(ErrorCode::conflict, fmt::format("You have a project named \"{}\" already.", name));
}

}  // namespace

std::string searched_text(std::string_view name, std::string_view description) {
    std::string text(name);
    text += '\n';
    text += description;
    return text;
}

void add_project(WriteScope& scope, const core::Project& project) {
    if (find_named(scope.db, project.owner, project.name)) refuse_name(project.name);
    scope.db.run(
        "INSERT INTO projects (id, owner, name, description, facts, metadata, archived, created_at, "
        "updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        project.id, project.owner, project.name, project.description, project.facts, project.metadata,
        project.archived, project.created_at, project.updated_at);
    scope.search.add_project(scope.db.last_insert_key(), searched_text(project));
}

void change_project(WriteScope& scope, const core::Owner& owner, ProjectId id,
                    const core::ProjectChange& change, Timestamp time) {
    const core::Project old = read_project(scope.db, owner, id);
    const std::int64_t key = key_of(scope.db, owner, id);
    if (change.name) {
        const auto named = find_named(scope.db, owner, *change.name);
        if (named && *named != key) refuse_name(*change.name);
    }
    scope.db.run(
        "UPDATE projects SET name = coalesce(?2, name), description = coalesce(?3, description), "
        "facts = coalesce(?4, facts), metadata = coalesce(?5, metadata), archived = coalesce(?6, archived), "
        "updated_at = max(updated_at + 1, ?7) WHERE key = ?1",
        key, change.name, change.description, change.facts, change.metadata, change.archived, time);
    core::Project changed = old;
    if (change.name) changed.name = *change.name;
    if (change.description) changed.description = *change.description;
    if (searched_text(changed) == searched_text(old)) return;
    scope.search.remove_project(key, searched_text(old));
    scope.search.add_project(key, searched_text(changed));
}

void remove_project(WriteScope& scope, const core::Owner& owner, ProjectId id, bool even_if_used) {
    const core::Project gone = read_project(scope.db, owner, id);
    if (gone.numbers.any() && !even_if_used) {
        throw Error(
            ErrorCode::conflict,
            fmt::format("The project \"{}\" has {}. Deleted by force (?force=true, or --force), it leaves "
                        "them without a project.",
                        gone.name, core::text_of(gone.numbers)));
    }
    const std::string text = id.text();
    scope.db.run("UPDATE conversations SET project_id = '' WHERE project_id = ?1 AND project_id <> ''", text);
    scope.db.run("UPDATE artifacts SET project_id = '' WHERE project_id = ?1 AND project_id <> ''", text);
    scope.db.run("UPDATE jobs SET project_id = '' WHERE project_id = ?1 AND project_id <> ''", text);
    scope.db.run("UPDATE studies SET project_id = '' WHERE project_id = ?1 AND project_id <> ''", text);
    const std::int64_t key = key_of(scope.db, owner, id);
    scope.db.run("DELETE FROM projects WHERE key = ?1", key);
    scope.search.remove_project(key, searched_text(gone));
}

core::Project read_project(Database& db, const core::Owner& owner, ProjectId id) {
    Rows rows = db.query("SELECT " PROJECT_COLUMNS "FROM projects WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such project.");
    return project_at(rows);
}

core::Page<core::Project> read_projects(Database& db, const core::ProjectQuery& query) {
    check_limit(query.limit);
    const std::string list =
        fmt::format("projects|{}|{}|{}|{}", query.owner, query.name,
                    query.archived ? (*query.archived ? "archived" : "open") : "", query.search);
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);
    if (query.search.empty()) return page_of(list_all(db, query, before), query.limit, list);
    const std::string words = fts_query(query.search);
    if (words.empty()) return {};  // nothing that could be found
    return page_of(list_matching(db, query, before, words), query.limit, list);
}

std::string project_if_there(Database& db, const core::Owner& owner, const std::string& project_id) {
    const auto id = ProjectId::parse(project_id);
    if (!id) return "";
    Rows rows = db.query("SELECT 1 FROM projects WHERE id = ?1 AND owner = ?2", *id, owner);
    return rows.next() ? project_id : "";
}

Task<core::Project> SqliteProjects::add(core::Project project) {
    auto work = [project = std::move(project)](WriteScope& scope) {
        add_project(scope, project);
        return project;
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::Project> SqliteProjects::change(core::Owner owner, ProjectId id, core::ProjectChange change) {
    auto work = [owner = std::move(owner), id, change = std::move(change), time = now()](WriteScope& scope) {
        change_project(scope, owner, id, change, time);
        return read_project(scope.db, owner, id);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::Project> SqliteProjects::find(core::Owner owner, ProjectId id) {
    return readers_.read(
        [owner = std::move(owner), id](Database& db) { return read_project(db, owner, id); });
}

Task<core::Page<core::Project>> SqliteProjects::list(core::ProjectQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_projects(db, query); });
}

Task<void> SqliteProjects::remove(core::Owner owner, ProjectId id, bool even_if_used) {
    auto work = [owner = std::move(owner), id, even_if_used](WriteScope& scope) {
        remove_project(scope, owner, id, even_if_used);
    };
    return result_of(writer_.submit(std::move(work)));
}

}  // namespace assistd::store
