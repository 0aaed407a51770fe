#include "store/studies.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "store/cursor.h"
#include "store/messages.h"
#include "store/projects.h"
#include "store/whose.h"

namespace assistd::store {
namespace {

#define STUDY_COLUMNS                                                                               \
    "key, id, owner, project_id, conversation, name, tool, then_tool, base_parameters, "            \
    "parameter_grid, seeds_per_combination, first_seed, runs, state, completed, failed, artifact, " \
    "created_at, finished_at"

#define RUN_COLUMNS                                                                              \
    "study_runs.number, study_runs.state, parameters, error_type, summary, metrics, artifacts, " \
    "started_at, study_runs.finished_at, warnings"
#define OF_STUDY "study = (SELECT key FROM studies WHERE id = ?1 AND owner = ?2)"

// So many rows are removed at once: other writes wait for no more.
constexpr int removed_together = 200;

template <class State>
State state_named(std::string_view name, std::initializer_list<State> states) {
    for (const State state : states)
        if (core::name_of(state) == name) return state;
    throw Error(ErrorCode::internal, "The database holds a state that is none: " + std::string(name) + ".");
}

core::StudyState study_state(std::string_view name) {
    using enum core::StudyState;
    return state_named(name, {running, completed, completed_with_errors, cancelled});
}

core::RunState run_state(std::string_view name) {
    using enum core::RunState;
    return state_named(name, {running, completed, failed});
}

core::Study study_at(const Rows& row) {
    core::Study study;
    study.id = {row.uuid(1)};
    study.owner = row.text(2);
    study.project_id = row.text(3);
    study.conversation = {row.uuid(4)};
    study.name = row.text(5);
    study.tool = row.text(6);
    study.then = row.text(7);
    study.base_parameters = row.text(8);
    study.parameter_grid = row.text(9);
    study.seeds_per_combination = static_cast<int>(row.integer(10));
    study.first_seed = row.integer(11);
    study.runs = static_cast<int>(row.integer(12));
    study.state = study_state(row.view(13));
    study.counts.completed = static_cast<int>(row.integer(14));
    study.counts.failed = static_cast<int>(row.integer(15));
    study.artifact = row.text(16);
    study.created_at = row.time(17);
    study.finished_at = row.time(18);
    return study;
}

core::StudyRun run_at(const Rows& row) {
    core::StudyRun run;
    run.number = static_cast<int>(row.integer(0));
    run.state = run_state(row.view(1));
    run.parameters = row.text(2);
    run.error_type = row.text(3);
    run.summary = row.text(4);
    run.metrics = row.text(5);
    run.artifacts = nlohmann::json::parse(row.view(6)).get<std::vector<std::string>>();
    run.started_at = row.time(7);
    run.finished_at = row.time(8);
    run.warnings = nlohmann::json::parse(row.view(9)).get<std::vector<std::string>>();
    return run;
}

core::Study read(Database& db, const core::Owner& owner, StudyId id) {
    Rows rows = db.query("SELECT " STUDY_COLUMNS " FROM studies WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such study.");
    return study_at(rows);
}

void insert(WriteScope& scope, const core::Study& study) {
    scope.db.run(
        "INSERT INTO studies (id, owner, project_id, conversation, name, tool, then_tool, "
        "base_parameters, parameter_grid, seeds_per_combination, first_seed, runs, state, "
        "completed, failed, artifact, created_at, finished_at) "
        "VALUES (?1, ?2, ?3, (SELECT id FROM conversations WHERE id = ?4), ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
        "?12, ?13, 0, 0, '', ?14, 0)",
        study.id, study.owner, project_if_there(scope.db, study.owner, study.project_id), study.conversation,
        study.name, study.tool, study.then, study.base_parameters, study.parameter_grid,
        static_cast<std::int64_t>(study.seeds_per_combination), study.first_seed,
        static_cast<std::int64_t>(study.runs), core::name_of(study.state), study.created_at);
}

void put(WriteScope& scope, StudyId study, const core::StudyRun& run) {
    scope.db.run(
        "INSERT INTO study_runs (study, number, state, parameters, error_type, summary, metrics, "
        "artifacts, result, started_at, finished_at, warnings) "
        "SELECT key, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM studies WHERE id = ?1 "
        "ON CONFLICT (study, number) DO UPDATE SET state = ?3, error_type = ?5, summary = ?6, "
        "metrics = ?7, artifacts = ?8, result = ?9, finished_at = ?11, warnings = ?12",
        study, static_cast<std::int64_t>(run.number), core::name_of(run.state), run.parameters,
        run.error_type, run.summary, run.metrics, nlohmann::json(run.artifacts).dump(), run.result,
        run.started_at, run.finished_at, nlohmann::json(run.warnings).dump());
}

core::Page<core::Study> read_page(Database& db, const core::StudyQuery& query) {
    check_limit(query.limit);
    std::optional<std::string_view> state;
    if (query.state) state = core::name_of(*query.state);
    const std::string list = "studies|" + whose(query.everybody, query.owner) + "|" + query.project_id + "|" +
                             std::string(state.value_or(""));
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);
    Rows rows = db.query(OF_OWNER_OR_ALL(query.everybody, "SELECT " STUDY_COLUMNS " FROM studies WHERE ",
                                         " AND (created_at, key) < (?2, ?3) "
                                         "AND (?4 = '' OR project_id = ?4) AND (?5 IS NULL OR state = ?5) "
                                         "ORDER BY created_at DESC, key DESC LIMIT ?6"),
                         query.owner, before.order, before.key, query.project_id, state,
                         static_cast<std::int64_t>(query.limit) + 1);
    core::Page<core::Study> page;
    Place last;
    while (rows.next()) {
        if (page.items.size() == static_cast<std::size_t>(query.limit)) {
            page.next = make_cursor(list, last);
            break;
        }
        page.items.push_back(study_at(rows));
        last = {to_micros(page.items.back().created_at), rows.integer(0)};
    }
    return page;
}

core::Page<core::StudyRun> read_runs(Database& db, const core::StudyRunQuery& query) {
    check_limit(query.limit);
    read(db, query.owner, query.study);
    std::optional<std::string_view> state;
    if (query.state) state = core::name_of(*query.state);
    const std::string list = "runs|" + query.study.text() + "|" + std::string(state.value_or(""));
    const std::int64_t after = query.cursor.empty() ? query.first - 1 : read_cursor(list, query.cursor).key;
    Rows rows = db.query("SELECT " RUN_COLUMNS " FROM study_runs WHERE " OF_STUDY
                         " AND number > ?3 AND number <= ?6 AND (?4 IS NULL OR state = ?4) "
                         "ORDER BY number LIMIT ?5",
                         query.study, query.owner, after, state, static_cast<std::int64_t>(query.limit) + 1,
                         static_cast<std::int64_t>(query.last));
    core::Page<core::StudyRun> page;
    while (rows.next()) {
        if (page.items.size() == static_cast<std::size_t>(query.limit)) {
            page.next = make_cursor(list, {0, page.items.back().number});
            break;
        }
        page.items.push_back(run_at(rows));
    }
    return page;
}

core::StudyRun read_run(Database& db, const core::Owner& owner, StudyId id, int number) {
    Rows rows = db.query("SELECT " RUN_COLUMNS ", result FROM study_runs WHERE " OF_STUDY " AND number = ?3",
                         id, owner, static_cast<std::int64_t>(number));
    if (!rows.next()) throw Error(ErrorCode::not_found, "The study has no such run that has ended.");
    core::StudyRun run = run_at(rows);
    run.result = rows.text(10);
    return run;
}

std::vector<core::StudyRun> read_states(Database& db, StudyId study) {
    Rows rows = db.query(
        "SELECT number, state, parameters FROM study_runs "
        "WHERE study = (SELECT key FROM studies WHERE id = ?1) ORDER BY number",
        study);
    std::vector<core::StudyRun> runs;
    while (rows.next()) {
        core::StudyRun run;
        run.number = static_cast<int>(rows.integer(0));
        run.state = run_state(rows.view(1));
        run.parameters = rows.text(2);
        runs.push_back(std::move(run));
    }
    return runs;
}

void end_study(WriteScope& scope, const core::Study& study, const std::optional<MessageDraft>& notice) {
    scope.db.run(
        "UPDATE studies SET state = ?2, completed = ?3, failed = ?4, artifact = ?5, "
        "finished_at = ?6 WHERE id = ?1",
        study.id, core::name_of(study.state), static_cast<std::int64_t>(study.counts.completed),
        static_cast<std::int64_t>(study.counts.failed), study.artifact, study.finished_at);
    if (!notice) return;
    // The conversation may have been deleted while the study ran.
    Rows there = scope.db.query("SELECT 1 FROM conversations WHERE id = ?1", notice->message.conversation);
    if (there.next()) append_message(scope, *notice);
}

// At most `removed_together` of its runs, or the study itself when there is none left; true when it is gone.
bool remove_some(WriteScope& scope, const core::Owner& owner, StudyId id) {
    const int runs = scope.db.run(
        "DELETE FROM study_runs WHERE key IN "
        "(SELECT key FROM study_runs WHERE " OF_STUDY " LIMIT ?3)",
        id, owner, static_cast<std::int64_t>(removed_together));
    if (runs > 0) return false;
    if (scope.db.run("DELETE FROM studies WHERE id = ?1 AND owner = ?2", id, owner) == 0)
        throw Error(ErrorCode::not_found, "There is no such study.");
    return true;
}

}  // namespace

core::Write SqliteStudies::add(const core::Study& study) {
    return core::Write(writer_.submit([study](WriteScope& scope) { insert(scope, study); }));
}

Task<core::Study> SqliteStudies::find(core::Owner owner, StudyId id) {
    return readers_.read([owner = std::move(owner), id](Database& db) { return read(db, owner, id); });
}

Task<core::Page<core::Study>> SqliteStudies::list(core::StudyQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_page(db, query); });
}

Task<int> SqliteStudies::count_running(core::Owner owner) {
    return readers_.read([owner = std::move(owner)](Database& db) {
        Rows rows = db.query("SELECT count(*) FROM studies WHERE owner = ?1 AND state = 'running'", owner);
        rows.next();
        return static_cast<int>(rows.integer(0));
    });
}

core::Write SqliteStudies::put_run(StudyId study, const core::StudyRun& run) {
    auto put_it = [study, run](WriteScope& scope) { put(scope, study, run); };
    // Ten thousand runs must not mean ten thousand commits while somebody chats.
    if (run.state != core::RunState::running) return core::Write(writer_.submit_patiently(std::move(put_it)));
    return core::Write(writer_.submit(std::move(put_it)));
}

core::Write SqliteStudies::drop_run(StudyId study, int number) {
    return core::Write(writer_.submit([study, number](WriteScope& scope) {
        scope.db.run(
            "DELETE FROM study_runs WHERE study = (SELECT key FROM studies WHERE id = ?1) "
            "AND number = ?2",
            study, static_cast<std::int64_t>(number));
    }));
}

Task<core::Page<core::StudyRun>> SqliteStudies::runs(core::StudyRunQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_runs(db, query); });
}

Task<core::StudyRun> SqliteStudies::run(core::Owner owner, StudyId id, int number) {
    return readers_.read(
        [owner = std::move(owner), id, number](Database& db) { return read_run(db, owner, id, number); });
}

Task<std::vector<core::StudyRun>> SqliteStudies::states(StudyId study) {
    return readers_.read([study](Database& db) { return read_states(db, study); });
}

core::Write SqliteStudies::end(const core::Study& study, std::optional<core::Message> notice) {
    std::optional<MessageDraft> draft;
    if (notice) draft = draft_of(std::move(*notice));
    return core::Write(writer_.submit(
        [study, draft = std::move(draft)](WriteScope& scope) { end_study(scope, study, draft); }));
}

core::Write SqliteStudies::begin_again(StudyId study) {
    return core::Write(writer_.submit([study](WriteScope& scope) {
        scope.db.run(
            "DELETE FROM study_runs WHERE study = (SELECT key FROM studies WHERE id = ?1) "
            "AND state = 'failed'",
            study);
        scope.db.run("UPDATE studies SET state = 'running', finished_at = 0 WHERE id = ?1", study);
    }));
}

Task<std::vector<core::Study>> SqliteStudies::unfinished() {
    return readers_.read([](Database& db) {
        Rows rows = db.query("SELECT " STUDY_COLUMNS
                             " FROM studies WHERE state = 'running' ORDER BY created_at, key");
        std::vector<core::Study> studies;
        while (rows.next()) studies.push_back(study_at(rows));
        return studies;
    });
}

Task<void> SqliteStudies::remove(core::Owner owner, StudyId id) {
    for (bool gone = false; !gone;) {
        const auto some =
            writer_.submit([owner, id](WriteScope& scope) { return remove_some(scope, owner, id); });
        gone = co_await some.wait();
    }
}

}  // namespace assistd::store
