#include "store/retention.h"

#include "store/conversations.h"

namespace assistd::store {
namespace {

// The owners in a table with an index that begins with them, one look for each.
#define OWNERS_OF(table)                                             \
    "WITH RECURSIVE owners (name) AS (SELECT min(owner) FROM " table \
    " UNION ALL SELECT (SELECT min(owner) FROM " table               \
    " WHERE owner > owners.name) FROM owners "                       \
    "WHERE owners.name IS NOT NULL) "

int remove_conversations(WriteScope& scope, Timestamp before, int at_most) {
    std::vector<std::pair<core::Owner, ConversationId>> unused;
    {
        Rows rows = scope.db.query(
            OWNERS_OF("conversations")
            "SELECT c.owner, c.id FROM owners JOIN conversations c ON c.owner = owners.name AND c.updated_at < ?1 "
            "WHERE c.door = '' "
            "AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = c.id AND state = 'running') "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE conversation = c.id AND state = 'running') LIMIT ?2",
            before, at_most);
        while (rows.next()) unused.emplace_back(rows.text(0), ConversationId{rows.uuid(1)});
    }
    for (const auto& [owner, id] : unused) remove_conversation(scope, owner, id);
    return static_cast<int>(unused.size());
}

int remove_artifacts(WriteScope& scope, Timestamp before, int at_most) {
    std::vector<std::pair<std::int64_t, std::string>> old;
    {
        Rows rows = scope.db.query(
            OWNERS_OF("artifacts")
            "SELECT a.key, a.sha256 FROM owners JOIN artifacts a ON a.owner = owners.name AND a.created_at < ?1 "
            "WHERE a.conversation IS NULL LIMIT ?2",
            before, at_most);
        while (rows.next()) old.emplace_back(rows.integer(0), rows.text(1));
    }
    for (const auto& [key, sha256] : old) {
        scope.db.run("INSERT INTO loose_files (sha256) VALUES (?1)", sha256);
        scope.db.run("DELETE FROM artifacts WHERE key = ?1", key);
    }
    return static_cast<int>(old.size());
}

// One began before it ended, so the index by its beginning finds it.
int remove_jobs(WriteScope& scope, Timestamp before, int at_most) {
    return scope.db.run(
        "DELETE FROM jobs WHERE key IN (" OWNERS_OF("jobs")
        "SELECT j.key FROM owners JOIN jobs j ON j.owner = owners.name AND j.created_at < ?1 "
        "WHERE j.conversation IS NULL AND j.state <> 'running' AND j.finished_at < ?1 LIMIT ?2)",
        before, at_most);
}

int remove_studies(WriteScope& scope, Timestamp before, int at_most) {
    return scope.db.run(
        "DELETE FROM studies WHERE key IN (" OWNERS_OF("studies")
        "SELECT s.key FROM owners JOIN studies s ON s.owner = owners.name AND s.created_at < ?1 "
        "WHERE s.state <> 'running' AND s.finished_at < ?1 LIMIT ?2)",
        before, at_most);
}

int remove_usage(WriteScope& scope, Timestamp before, int at_most) {
    return scope.db.run(
        "DELETE FROM usage WHERE key IN (" OWNERS_OF(
            "usage") "SELECT u.key FROM owners JOIN usage u ON u.owner = owners.name AND u.at < ?1 LIMIT ?2)",
        before, at_most);
}

int forget_keys(WriteScope& scope, Timestamp before, int at_most) {
    const int of_turns = scope.db.run(
        "UPDATE turns SET idempotency_key = NULL WHERE id IN (SELECT id FROM turns INDEXED BY "
        "turns_by_idempotency_key WHERE idempotency_key IS NOT NULL AND created_at < ?1 LIMIT ?2)",
        before, at_most);
    const int of_uploads = scope.db.run(
        "UPDATE artifacts SET idempotency_key = NULL WHERE id IN (SELECT id FROM artifacts INDEXED BY "
        "artifacts_by_idempotency_key WHERE idempotency_key IS NOT NULL AND created_at < ?1 LIMIT ?2)",
        before, at_most - of_turns);
    return of_turns + of_uploads;
}

}  // namespace

std::string_view name_of(OldRows what) {
    switch (what) {
        case OldRows::conversations:
            return "conversations";
        case OldRows::artifacts:
            return "artifacts";
        case OldRows::jobs:
            return "jobs";
        case OldRows::studies:
            return "studies";
        case OldRows::usage:
            return "usage";
        case OldRows::idempotency_keys:
            return "idempotency_keys";
    }
    return "";
}

int remove_old_rows(WriteScope& scope, OldRows what, Timestamp before, int at_most) {
    switch (what) {
        case OldRows::conversations:
            return remove_conversations(scope, before, at_most);
        case OldRows::artifacts:
            return remove_artifacts(scope, before, at_most);
        case OldRows::jobs:
            return remove_jobs(scope, before, at_most);
        case OldRows::studies:
            return remove_studies(scope, before, at_most);
        case OldRows::usage:
            return remove_usage(scope, before, at_most);
        case OldRows::idempotency_keys:
            return forget_keys(scope, before, at_most);
    }
    return 0;
}

std::optional<Timestamp> newest_record(Database& db) {
    // Each by an index, but for the users, who are few.
    Rows row = db.query(
        "SELECT max(at) FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(last_seen_at) FROM users "
        "UNION ALL SELECT * FROM (" OWNERS_OF("conversations")
        "SELECT max((SELECT max(updated_at) FROM conversations WHERE owner = owners.name)) FROM owners) "
        "UNION ALL SELECT * FROM (" OWNERS_OF("artifacts")
        "SELECT max((SELECT max(created_at) FROM artifacts WHERE owner = owners.name)) FROM owners))");
    row.next();
    const auto micros = row.optional_integer(0);
    return micros ? std::optional(from_micros(*micros)) : std::nullopt;
}

}  // namespace assistd::store
