#include "store/usage.h"

#include "store/whose.h"

namespace assistd::store {
namespace {

#define USAGE_SUMS                                                                                  \
    "sum(purpose IN ('turn', 'completion')), sum(outcome = 'completed'), sum(outcome = 'failed'), " \
    "sum(outcome = "                                                                                \
    "'cancelled'), sum(requests), sum(tool_calls), sum(prompt_tokens), sum(completion_tokens), "    \
    "sum(cached_tokens), sum(cost), max(estimated) FROM usage WHERE "

// The sums of what is between the two moments, in these groups and in their order.
#define SUMS_OF(query, named, groups)                                   \
    OF_OWNER_OR_ALL((query).everybody, "SELECT " named ", " USAGE_SUMS, \
                    " AND at >= ?2 AND at < ?3 GROUP BY " groups " ORDER BY " groups)

constexpr int first_sum = 2;  // behind the two columns that name the group

core::UsageRow row_at(const Rows& rows) {
    core::UsageRow row;
    row.turns = rows.integer(first_sum);
    row.completed = rows.integer(first_sum + 1);
    row.failed = rows.integer(first_sum + 2);
    row.cancelled = rows.integer(first_sum + 3);
    row.requests = rows.integer(first_sum + 4);
    row.tool_calls = rows.integer(first_sum + 5);
    row.usage.prompt_tokens = rows.integer(first_sum + 6);
    row.usage.completion_tokens = rows.integer(first_sum + 7);
    row.usage.cached_tokens = rows.integer(first_sum + 8);
    row.usage.cost = rows.real(first_sum + 9);
    row.usage.estimated = rows.flag(first_sum + 10);
    return row;
}

std::vector<core::UsageRow> by_day(Database& db, const core::UsageQuery& query) {
    Rows rows =
        db.query(SUMS_OF(query, "at / 86400000000 AS day, ''", "day"), query.owner, query.from, query.to);
    std::vector<core::UsageRow> days;
    while (rows.next()) {
        days.push_back(row_at(rows));
        days.back().day = to_iso8601(std::chrono::sys_days(std::chrono::days(rows.integer(0))));
    }
    return days;
}

std::vector<core::UsageRow> by_model(Database& db, const core::UsageQuery& query) {
    Rows rows =
        db.query(SUMS_OF(query, "provider, model", "provider, model"), query.owner, query.from, query.to);
    std::vector<core::UsageRow> models;
    while (rows.next()) {
        models.push_back(row_at(rows));
        models.back().provider = rows.text(0);
        models.back().model = rows.text(1);
    }
    return models;
}

std::vector<core::UsageRow> by_user(Database& db, const core::UsageQuery& query) {
    Rows rows = db.query(SUMS_OF(query, "owner, ''", "owner"), query.owner, query.from, query.to);
    std::vector<core::UsageRow> users;
    while (rows.next()) {
        users.push_back(row_at(rows));
        users.back().user = rows.text(0);
    }
    return users;
}

}  // namespace

void add_usage(WriteScope& scope, const core::UsageEntry& entry) {
    std::optional<std::int64_t> duration_us;
    if (entry.duration) duration_us = entry.duration->count();
    scope.db.run(
        "INSERT INTO usage (turn, owner, at, purpose, outcome, provider, model, prompt_tokens, "
        "completion_tokens, cached_tokens, cost, requests, tool_calls, estimated, duration_us) "
        "VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        entry.owner, entry.at, entry.purpose, entry.outcome, entry.provider, entry.model,
        entry.usage.prompt_tokens, entry.usage.completion_tokens, entry.usage.cached_tokens, entry.usage.cost,
        entry.requests, entry.tool_calls, entry.usage.estimated, duration_us);
}

void add_usage_of_turn(WriteScope& scope, const core::Turn& turn) {
    const bool by_another = !turn.answered_provider.empty();
    scope.db.run(
        "INSERT OR REPLACE INTO usage (turn, owner, at, purpose, outcome, provider, model, prompt_tokens, "
        "completion_tokens, cached_tokens, cost, requests, tool_calls, estimated, duration_us) "
        "SELECT id, owner, finished_at, 'turn', state, ?2, ?3, prompt_tokens, completion_tokens, "
        "cached_tokens, cost, rounds, (SELECT count(*) FROM tool_calls WHERE tool_calls.turn = turns.id), "
        "usage_estimated, max(0, finished_at - created_at) FROM turns WHERE id = ?1",
        turn.id, by_another ? turn.answered_provider : turn.provider,
        by_another ? turn.answered_model : turn.model);
}

std::vector<core::UsageRow> read_usage(Database& db, const core::UsageQuery& query) {
    switch (query.group) {
        case core::UsageGroup::day:
            return by_day(db, query);
        case core::UsageGroup::model:
            return by_model(db, query);
        case core::UsageGroup::user:
            return by_user(db, query);
    }
    return {};
}

// Nobody is in a hurry for an entry, but for who asks what was spent: a completion of which nothing is kept
// would else take a commit of its own.
core::Write SqliteUsageBook::add(const core::UsageEntry& entry) {
    return core::Write(writer_.submit_patiently([entry](WriteScope& scope) { add_usage(scope, entry); }));
}

Task<std::vector<core::UsageRow>> SqliteUsageBook::sums(core::UsageQuery query) {
    co_await core::Write(writer_.submit([](WriteScope&) {})).committed();
    const auto read = [query = std::move(query)](Database& db) { return read_usage(db, query); };
    co_return co_await readers_.read(read);
}

}  // namespace assistd::store
