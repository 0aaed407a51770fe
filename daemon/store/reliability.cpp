#include "store/reliability.h"

#include "sqlite/database.h"
#include "store/whose.h"

namespace assistd::store {
namespace {

using sqlite::Database;
using sqlite::Rows;

// The smallest of the ranked values that so many of a hundred do not exceed.
#define PERCENTILES                                                              \
    "min(CASE WHEN place * 100 >= 50 * ranked THEN duration_us END) AS median, " \
    "min(CASE WHEN place * 100 >= 95 * ranked THEN duration_us END) AS slow "

std::optional<std::chrono::microseconds> time_in(const Rows& rows, int column) {
    const auto micros = rows.optional_integer(column);
    if (!micros) return std::nullopt;
    return std::chrono::microseconds(*micros);
}

std::vector<core::ReliabilityRow> all_of(Rows rows) {
    std::vector<core::ReliabilityRow> all;
    while (rows.next()) {
        core::ReliabilityRow row;
        row.name = rows.text(0);
        row.succeeded = rows.integer(1);
        row.failed = rows.integer(2);
        row.refused = rows.integer(3);
        row.cancelled = rows.integer(4);
        row.median = time_in(rows, 5);
        row.slow = time_in(rows, 6);
        all.push_back(std::move(row));
    }
    return all;
}

// The outcomes that are no call's fault are those that the executor gives before a tool runs.
#define REFUSALS \
    "'ToolNotFoundError', 'ContextError', 'ValidationError', 'PermissionError', 'QuotaExceededError'"

std::vector<core::ReliabilityRow> read_tools(Database& db, const core::ReliabilityQuery& query) {
    return all_of(db.query(
        OF_OWNER_OR_ALL(
            query.everybody,
            "WITH calls AS (SELECT tool, outcome, duration_us, CASE WHEN outcome = 'success' THEN 0 WHEN "
            "outcome "
            "IN (" REFUSALS ") THEN 2 WHEN outcome = 'CancelledError' THEN 3 ELSE 1 END AS what "
            "FROM audit WHERE ",
            " AND at >= ?2 AND at < ?3 AND outcome NOT IN ('job', 'running') AND is_deed = 0 AND plugin <> "
            "''), "
            "ran AS (SELECT tool, duration_us, count(*) OVER (PARTITION BY tool) AS ranked, row_number() "
            "OVER (PARTITION BY tool ORDER BY duration_us) AS place FROM calls WHERE what < 2 AND outcome <> "
            "'lost'), "
            "times AS (SELECT tool, " PERCENTILES "FROM ran GROUP BY tool) "
            "SELECT tool, sum(what = 0), sum(what = 1), sum(what = 2), sum(what = 3), median, slow FROM "
            "calls "
            "LEFT JOIN times USING (tool) GROUP BY tool ORDER BY tool"),
        query.owner, query.from, query.to));
}

std::vector<core::ReliabilityRow> read_providers(Database& db, const core::ReliabilityQuery& query) {
    return all_of(db.query(
        OF_OWNER_OR_ALL(
            query.everybody, "WITH turns AS (SELECT provider, outcome, duration_us FROM usage WHERE ",
            " AND at >= ?2 AND at < ?3 AND purpose IN ('turn', 'completion') AND outcome <> ''), "
            "ran AS (SELECT provider, duration_us, count(*) OVER (PARTITION BY provider) AS ranked, "
            "row_number() OVER (PARTITION BY provider ORDER BY duration_us) AS place FROM turns "
            "WHERE outcome = 'completed' AND duration_us IS NOT NULL), "
            "times AS (SELECT provider, " PERCENTILES "FROM ran GROUP BY provider) "
            "SELECT provider, sum(outcome = 'completed'), sum(outcome = 'failed'), 0, sum(outcome = "
            "'cancelled'), median, slow FROM turns LEFT JOIN times USING (provider) GROUP BY provider "
            "ORDER BY provider"),
        query.owner, query.from, query.to));
}

}  // namespace

Task<std::vector<core::ReliabilityRow>> SqliteReliability::of_tools(core::ReliabilityQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_tools(db, query); });
}

Task<std::vector<core::ReliabilityRow>> SqliteReliability::of_providers(core::ReliabilityQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_providers(db, query); });
}

}  // namespace assistd::store
