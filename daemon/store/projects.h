#pragma once
// core::Projects on SQLite, and the rows behind it. Functions with a WriteScope run on the writer's thread,
// the others on a reader's. The class is owned by Storage; any thread.

#include <string>

#include "core/ports.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteProjects : public core::Projects {
  public:
    SqliteProjects(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    Task<core::Project> add(core::Project project) override;
    Task<core::Project> change(core::Owner owner, ProjectId id, core::ProjectChange change) override;
    Task<core::Project> find(core::Owner owner, ProjectId id) override;
    Task<core::Page<core::Project>> list(core::ProjectQuery query) override;
    Task<void> remove(core::Owner owner, ProjectId id, bool even_if_used) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

void add_project(WriteScope& scope, const core::Project& project);
void change_project(WriteScope& scope, const core::Owner& owner, ProjectId id,
                    const core::ProjectChange& change, Timestamp time);
void remove_project(WriteScope& scope, const core::Owner& owner, ProjectId id, bool even_if_used);
core::Project read_project(Database& db, const core::Owner& owner, ProjectId id);
core::Page<core::Project> read_projects(Database& db, const core::ProjectQuery& query);
// What a search finds a project by.
std::string searched_text(std::string_view name, std::string_view description);

// The project that a new row belongs to: none when it was removed after somebody had looked for it.
std::string project_if_there(Database& db, const core::Owner& owner, const std::string& project_id);

}  // namespace assistd::store
