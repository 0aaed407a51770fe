#include "store/audit.h"

#include "store/cursor.h"
#include "store/used.h"
#include "store/whose.h"

namespace assistd::store {
namespace {

#define AUDIT_COLUMNS                                                                         \
    "at, owner, tool, plugin, plugin_version, project_id, conversation, turn, call_id, job, " \
    "arguments_sha256, outcome, duration_us, result_bytes, artifacts, decided_by, cpu_us, "   \
    "peak_memory_bytes, is_deed, whom, details, credential"
constexpr int key_column = 22;  // behind them

void insert(WriteScope& scope, const core::AuditEntry& entry) {
    const core::Deed deed = entry.deed.value_or(core::Deed());
    scope.db.run("INSERT INTO audit (" AUDIT_COLUMNS
                 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
                 "?19, ?20, ?21, ?22)",
                 entry.at, entry.owner, entry.tool, entry.plugin, entry.plugin_version, entry.project_id,
                 entry.conversation, entry.turn, entry.call_id, entry.job, entry.arguments_sha256,
                 entry.outcome, static_cast<std::int64_t>(entry.duration.count()), entry.result_bytes,
                 static_cast<std::int64_t>(entry.artifacts), entry.decided_by, cpu_us(entry.used),
                 entry.used.peak_memory_bytes, entry.deed.has_value(), deed.whom, deed.details,
                 deed.credential);
}

constexpr std::string_view running = "running", on_as_job = "job";

// Kept in the entry's `row` once it is there.
auto beginning(core::AuditEntry& entry) {
    entry.row = std::make_shared<std::int64_t>(0);
    core::AuditEntry begun = entry;
    begun.at = now();
    begun.outcome = running;
    return [begun = std::move(begun)](WriteScope& scope) {
        insert(scope, begun);
        *begun.row = scope.db.last_insert_key();
    };
}

#define COMPLETE                                                                                          \
    "UPDATE audit SET at = ?2, job = ?3, outcome = ?4, duration_us = ?5, result_bytes = ?6, artifacts = " \
    "?7, "                                                                                                \
    "decided_by = CASE ?8 WHEN '' THEN decided_by ELSE ?8 END, cpu_us = ?9, peak_memory_bytes = ?10 WHERE "

// The entry that the call began with, or went on as a job with. False: there is none.
bool complete(WriteScope& scope, const core::AuditEntry& entry) {
    const auto run = [&](const char* literal, const auto& which) {
        return scope.db.run(literal, which, entry.at, entry.job, entry.outcome,
                            static_cast<std::int64_t>(entry.duration.count()), entry.result_bytes,
                            static_cast<std::int64_t>(entry.artifacts), entry.decided_by, cpu_us(entry.used),
                            entry.used.peak_memory_bytes) > 0;
    };
    if (entry.row) return run(COMPLETE "key = ?1", *entry.row);
    if (entry.job.is_nil() || entry.outcome == on_as_job) return false;
    return run(COMPLETE "job = ?1 AND outcome = 'job'", entry.job);
}

void put(WriteScope& scope, const core::AuditEntry& entry) {
    if (!complete(scope, entry)) insert(scope, entry);
}

core::AuditEntry entry_at(const Rows& row) {
    core::AuditEntry entry;
    entry.at = row.time(0);
    entry.owner = row.text(1);
    entry.tool = row.text(2);
    entry.plugin = row.text(3);
    entry.plugin_version = row.text(4);
    entry.project_id = row.text(5);
    entry.conversation = {row.uuid(6)};
    entry.turn = {row.uuid(7)};
    entry.call_id = row.text(8);
    entry.job = {row.uuid(9)};
    entry.arguments_sha256 = row.text(10);
    entry.outcome = row.text(11);
    entry.duration = std::chrono::microseconds(row.integer(12));
    entry.result_bytes = row.integer(13);
    entry.artifacts = static_cast<int>(row.integer(14));
    entry.decided_by = row.text(15);
    entry.used = used_at(row, 16);
    if (row.flag(18)) entry.deed = core::Deed{row.text(19), row.text(20), row.text(21)};
    return entry;
}

// A moment or the end of time in that direction.
std::int64_t micros_of(const std::optional<Timestamp>& time, std::int64_t otherwise) {
    return time ? to_micros(*time) : otherwise;
}

core::Page<core::AuditEntry> read(Database& db, const core::AuditQuery& query) {
    check_limit(query.limit);
    const std::int64_t since = micros_of(query.since, INT64_MIN);
    const std::int64_t until = micros_of(query.before, INT64_MAX);
    const std::string list = "audit|" + whose(query.everybody, query.owner) + "|" + query.tool + "|" +
                             query.outcome + "|" + std::to_string(since) + "|" + std::to_string(until);
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);
    Rows rows = db.query(
        OF_OWNER_OR_ALL(query.everybody, "SELECT " AUDIT_COLUMNS ", key FROM audit WHERE ",
                        " AND (at, key) < (?2, ?3) AND (?4 = '' OR tool = ?4) AND (?5 = '' OR "
                        "outcome = ?5) AND at >= ?6 AND at < ?7 ORDER BY at DESC, key DESC LIMIT ?8"),
        query.owner, before.order, before.key, query.tool, query.outcome, since, until,
        static_cast<std::int64_t>(query.limit) + 1);
    core::Page<core::AuditEntry> page;
    Place last;
    while (rows.next()) {
        if (page.items.size() == static_cast<std::size_t>(query.limit)) {
            page.next = make_cursor(list, last);
            break;
        }
        page.items.push_back(entry_at(rows));
        last = {rows.integer(0), rows.integer(key_column)};
    }
    return page;
}

}  // namespace

core::Write SqliteAuditLog::begin(core::AuditEntry& entry) {
    return core::Write(writer_.submit(beginning(entry)));
}

core::Write SqliteAuditLog::add(const core::AuditEntry& entry) {
    return core::Write(writer_.submit([entry](WriteScope& scope) { put(scope, entry); }));
}

void SqliteAuditLog::add_soon(const core::AuditEntry& entry) {
    writer_.submit_patiently([entry](WriteScope& scope) { put(scope, entry); });
}

core::Write SqliteAuditLog::lose_running() {
    return core::Write(writer_.submit([](WriteScope& scope) {
        scope.db.run("UPDATE audit SET outcome = 'lost' WHERE outcome = 'running'");
    }));
}

Task<core::Page<core::AuditEntry>> SqliteAuditLog::list(core::AuditQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read(db, query); });
}

Task<int> SqliteAuditLog::remove_before(Timestamp time, int at_most) {
    return result_of(writer_.submit([time, at_most](WriteScope& scope) {
        return scope.db.run(
            "DELETE FROM audit WHERE key IN (SELECT key FROM audit WHERE at < ?1 ORDER BY at LIMIT ?2)", time,
            static_cast<std::int64_t>(at_most));
    }));
}

}  // namespace assistd::store
