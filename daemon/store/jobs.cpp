#include "store/jobs.h"

#include "base/error.h"
#include "store/cursor.h"
#include "store/projects.h"
#include "store/used.h"
#include "store/whose.h"

namespace assistd::store {
namespace {

#define JOB_COLUMNS                                                                                        \
    "id, owner, conversation, turn, call_id, project_id, tool, arguments, state, fraction, note, result, " \
    "summary, "                                                                                            \
    "created_at, finished_at, cpu_us, peak_memory_bytes"

core::JobState state_named(std::string_view name) {
    using enum core::JobState;
    for (const core::JobState state : {running, completed, cancelled, lost})
        if (core::name_of(state) == name) return state;
    return failed;
}

core::Job job_at(const Rows& row) {
    core::Job job;
    job.id = {row.uuid(0)};
    job.owner = row.text(1);
    job.conversation = {row.uuid(2)};
    job.turn = {row.uuid(3)};
    job.call_id = row.text(4);
    job.project_id = row.text(5);
    job.tool = row.text(6);
    job.arguments = row.text(7);
    job.state = state_named(row.view(8));
    job.fraction = row.real(9);
    job.note = row.text(10);
    job.result = row.text(11);
    job.summary = row.text(12);
    job.created_at = row.time(13);
    job.finished_at = row.time(14);
    job.used = used_at(row, 15);
    return job;
}

}  // namespace

void put_job(WriteScope& scope, const core::Job& job) {
    // Whose it is and what was asked never change; how far it has come does.
    scope.db.run(
        "INSERT INTO jobs (" JOB_COLUMNS
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) "
        "ON CONFLICT (id) DO UPDATE SET state = ?9, fraction = ?10, note = ?11, result = ?12, summary = ?13, "
        "finished_at = ?15, cpu_us = ?16, peak_memory_bytes = ?17",
        job.id, job.owner, job.conversation, job.turn, job.call_id,
        project_if_there(scope.db, job.owner, job.project_id), job.tool, job.arguments,
        core::name_of(job.state), job.fraction, job.note, job.result, job.summary, job.created_at,
        job.finished_at, cpu_us(job.used), job.used.peak_memory_bytes);
}

void end_job(WriteScope& scope, const core::Job& job, const std::optional<MessageDraft>& notice) {
    put_job(scope, job);
    if (notice) append_message(scope, *notice);
}

core::Job read_job(Database& db, const core::Owner& owner, JobId id) {
    Rows rows = db.query("SELECT " JOB_COLUMNS " FROM jobs WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such job.");
    return job_at(rows);
}

core::Page<core::Job> read_jobs(Database& db, const core::JobQuery& query) {
    check_limit(query.limit);
    std::optional<std::string_view> state;
    if (query.state) state = core::name_of(*query.state);
    const std::string list =
        "jobs|" + whose(query.everybody, query.owner) + "|" + std::string(state.value_or(""));
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);

    Rows rows =
        db.query(OF_OWNER_OR_ALL(query.everybody, "SELECT " JOB_COLUMNS ", key FROM jobs WHERE ",
                                 " AND (created_at, key) < (?2, ?3) AND (?4 IS NULL OR state = ?4) "
                                 "ORDER BY created_at DESC, key DESC LIMIT ?5"),
                 query.owner, before.order, before.key, state, static_cast<std::int64_t>(query.limit) + 1);
    core::Page<core::Job> page;
    Place last;
    while (rows.next()) {
        if (page.items.size() == static_cast<std::size_t>(query.limit)) {
            page.next = make_cursor(list, last);
            break;
        }
        page.items.push_back(job_at(rows));
        last = {rows.integer(13), rows.integer(17)};
    }
    return page;
}

std::vector<core::Job> read_unfinished_jobs(Database& db) {
    Rows rows = db.query("SELECT " JOB_COLUMNS " FROM jobs WHERE state = 'running' ORDER BY created_at, key");
    std::vector<core::Job> jobs;
    while (rows.next()) jobs.push_back(job_at(rows));
    return jobs;
}

}  // namespace assistd::store
