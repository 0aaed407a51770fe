#include "store/artifact_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "store/cursor.h"
#include "store/idempotency.h"
#include "store/projects.h"

namespace assistd::store {
namespace {

#define ARTIFACT_COLUMNS                                                                                 \
    "id, owner, handle, kind, name, media_type, size, sha256, project_id, conversation, turn, call_id, " \
    "tool, plugin, "                                                                                     \
    "parameters, seed, parents, metadata, created_at"

core::Artifact artifact_at(const Rows& row) {
    core::Artifact artifact;
    artifact.id = {row.uuid(0)};
    artifact.owner = row.text(1);
    artifact.handle = row.text(2);
    artifact.kind = row.text(3);
    artifact.name = row.text(4);
    artifact.media_type = row.text(5);
    artifact.size = row.integer(6);
    artifact.sha256 = row.text(7);
    artifact.project_id = row.text(8);
    artifact.conversation = {row.uuid(9)};
    artifact.turn = {row.uuid(10)};
    artifact.call_id = row.text(11);
    artifact.tool = row.text(12);
    artifact.plugin = row.text(13);
    artifact.parameters = row.text(14);
    artifact.seed = row.text(15);
    artifact.parents = nlohmann::json::parse(row.view(16)).get<std::vector<std::string>>();
    artifact.metadata = row.text(17);
    artifact.created_at = row.time(18);
    return artifact;
}

std::int64_t next_number(Database& db, const core::Artifact& artifact) {
    Rows rows = db.query(
        "INSERT INTO artifact_numbers (owner, kind, last) VALUES (?1, ?2, 1) "
        "ON CONFLICT (owner, kind) DO UPDATE SET last = last + 1 RETURNING last",
        artifact.owner, artifact.kind);
    rows.next();
    return rows.integer(0);
}

bool has_further_conditions(const core::ArtifactQuery& query) {
    return !query.kinds.empty() || !query.tool.empty() || !query.parent.empty() || !query.q.empty();
}

// The lists of a query as JSON, which its rows need for as long as they are read.
struct Lists {
    std::string kinds, patterns;
};

// A pattern of LIKE for each word, as a JSON list.
std::string patterns_of(const std::string& words) {
    nlohmann::json patterns = nlohmann::json::array();
    std::istringstream text(words);
    for (std::string word; text >> word;) {
        std::string pattern = "%";
        for (const char c : word) {
            if (c == '%' || c == '_' || c == '\\') pattern += '\\';
            pattern += c;
        }
        patterns.push_back(pattern + "%");
    }
    return patterns.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What plugins and people look up.
Rows rows_of_look_up(Database& db, const core::ArtifactQuery& query, const Lists& lists, Place before) {
    return db.query(
        "SELECT " ARTIFACT_COLUMNS
        ", key FROM artifacts WHERE owner = ?1 AND (created_at, key) < (?2, ?3) "
        "AND (?4 = '' OR kind = ?4) AND (?5 = '' OR project_id = ?5) AND (?6 IS NULL OR conversation = ?6) "
        "AND (?7 = '[]' OR kind IN (SELECT value FROM json_each(?7))) AND (?8 = '' OR tool = ?8) "
        "AND (?9 = '' OR ?9 IN (SELECT value FROM json_each(artifacts.parents))) "
        "AND (?10 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?10) AS word WHERE handle || ' ' || kind || "
        "' ' "
        "|| name || ' ' || tool || ' ' || ifnull((SELECT group_concat(value, ' ') FROM "
        "json_each(artifacts.parameters) WHERE type = 'text'), '') || ' ' || ifnull((SELECT "
        "group_concat(value, ' ') FROM json_each(artifacts.metadata) WHERE type = 'text'), '') "
        "NOT LIKE word.value ESCAPE '\\' AND word.value <> '%' || sha256 || '%')) "
        "ORDER BY created_at DESC, key DESC LIMIT ?11",
        query.owner, before.order, before.key, query.kind, query.project_id, query.conversation, lists.kinds,
        query.tool, query.parent, lists.patterns, static_cast<std::int64_t>(query.limit) + 1);
}

Rows rows_of_page(Database& db, const core::ArtifactQuery& query, const Lists& lists, Place before) {
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    if (has_further_conditions(query)) return rows_of_look_up(db, query, lists, before);
    // The planner needs the conversation as a plain equation to use its index.
    if (query.conversation) {
        return db.query(
            "SELECT " ARTIFACT_COLUMNS
            ", key FROM artifacts WHERE conversation = ?6 AND owner = ?1 AND (created_at, key) < (?2, ?3) "
            "AND (?4 = '' OR kind = ?4) AND (?5 = '' OR project_id = ?5) "
            "ORDER BY created_at DESC, key DESC LIMIT ?7",
            query.owner, before.order, before.key, query.kind, query.project_id, *query.conversation, limit);
    }
    if (!query.kind.empty()) {
        return db.query(
            "SELECT " ARTIFACT_COLUMNS
            ", key FROM artifacts WHERE owner = ?1 AND kind = ?4 AND (created_at, key) < (?2, ?3) "
            "AND (?5 = '' OR project_id = ?5) ORDER BY created_at DESC, key DESC LIMIT ?6",
            query.owner, before.order, before.key, query.kind, query.project_id, limit);
    }
    return db.query("SELECT " ARTIFACT_COLUMNS
                    ", key FROM artifacts WHERE owner = ?1 AND (created_at, key) < (?2, ?3) "
                    "AND (?4 = '' OR project_id = ?4) ORDER BY created_at DESC, key DESC LIMIT ?5",
                    query.owner, before.order, before.key, query.project_id, limit);
}

std::string list_name(const core::ArtifactQuery& query) {
    std::string name = fmt::format("artifacts|{}|{}|{}|{}", query.owner, query.kind, query.project_id,
                                   query.conversation ? query.conversation->uuid.hex() : "");
    if (has_further_conditions(query))
        name += fmt::format("|{}|{}|{}|{}", nlohmann::json(query.kinds).dump(), query.tool, query.parent,
                            query.q);
    return name;
}

bool has_rows(Rows rows) {
    return rows.next();
}

}  // namespace

std::optional<core::Artifact> stored_before(Database& db, const core::Artifact& artifact,
                                            const std::string& idempotency_key) {
    if (idempotency_key.empty()) return std::nullopt;
    Rows rows =
        db.query("SELECT " ARTIFACT_COLUMNS " FROM artifacts WHERE owner = ?1 AND idempotency_key = ?2",
                 artifact.owner, idempotency_key);
    if (!rows.next()) return std::nullopt;
    core::Artifact earlier = artifact_at(rows);
    if (artifact.created_at - earlier.created_at >= idempotency_lifetime) {
        db.run("UPDATE artifacts SET idempotency_key = NULL WHERE id = ?1", earlier.id);
        return std::nullopt;
    }
    if (earlier.sha256 != artifact.sha256 || earlier.name != artifact.name || earlier.kind != artifact.kind)
        throw key_of_another_request();
    return earlier;
}

void add_artifact(WriteScope& scope, core::Artifact& artifact, const std::string& idempotency_key) {
    artifact.handle = fmt::format("{}-{}", artifact.kind, next_number(scope.db, artifact));
    const std::string parents = nlohmann::json(artifact.parents).dump();
    artifact.project_id = project_if_there(scope.db, artifact.owner, artifact.project_id);
    scope.db.run(
        "INSERT INTO artifacts (" ARTIFACT_COLUMNS
        ", idempotency_key) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        artifact.id, artifact.owner, artifact.handle, artifact.kind, artifact.name, artifact.media_type,
        artifact.size, artifact.sha256, artifact.project_id, artifact.conversation, artifact.turn,
        artifact.call_id, artifact.tool, artifact.plugin, artifact.parameters, artifact.seed, parents,
        artifact.metadata, artifact.created_at, key_or_null(idempotency_key));
}

void remove_earlier_attempt(WriteScope& scope, const core::Artifact& artifact) {
    if (artifact.call_id.empty()) return;
    if (artifact.turn.is_nil()) {
        scope.db.run(
            "INSERT INTO loose_files (sha256) SELECT DISTINCT sha256 FROM artifacts "
            "WHERE owner = ?1 AND call_id = ?2 AND turn IS NULL AND call_id <> ''",
            artifact.owner, artifact.call_id);
        scope.db.run(
            "DELETE FROM artifacts WHERE owner = ?1 AND call_id = ?2 AND turn IS NULL "
            "AND call_id <> ''",
            artifact.owner, artifact.call_id);
        return;
    }
    scope.db.run(
        "INSERT INTO loose_files (sha256) SELECT DISTINCT sha256 FROM artifacts WHERE turn = ?1 AND call_id "
        "= ?2",
        artifact.turn, artifact.call_id);
    scope.db.run("DELETE FROM artifacts WHERE turn = ?1 AND call_id = ?2", artifact.turn, artifact.call_id);
}

std::int64_t remove_artifact(WriteScope& scope, const core::Owner& owner, const std::string& handle_or_id) {
    const core::Artifact artifact = read_artifact(scope.db, owner, handle_or_id);
    scope.db.run("DELETE FROM artifacts WHERE id = ?1", artifact.id);
    return loosen_file(scope.db, artifact.sha256);
}

core::Artifact read_artifact(Database& db, const core::Owner& owner, const std::string& handle_or_id) {
    if (const auto id = ArtifactId::parse(handle_or_id)) {
        Rows rows =
            db.query("SELECT " ARTIFACT_COLUMNS " FROM artifacts WHERE id = ?1 AND owner = ?2", *id, owner);
        if (rows.next()) return artifact_at(rows);
    }
    Rows rows = db.query("SELECT " ARTIFACT_COLUMNS " FROM artifacts WHERE owner = ?1 AND handle = ?2", owner,
                         handle_or_id);
    if (!rows.next())
        throw Error(ErrorCode::not_found, fmt::format("There is no artifact \"{}\".", handle_or_id));
    return artifact_at(rows);
}

core::Page<core::Artifact> read_artifacts(Database& db, const core::ArtifactQuery& query) {
    check_limit(query.limit);
    const std::string list = list_name(query);
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);
    const Lists lists{nlohmann::json(query.kinds).dump(), patterns_of(query.q)};
    Rows rows = rows_of_page(db, query, lists, before);
    core::Page<core::Artifact> page;
    Place last;
    while (rows.next()) {
        if (page.items.size() == static_cast<std::size_t>(query.limit)) {
            page.next = make_cursor(list, last);
            break;
        }
        page.items.push_back(artifact_at(rows));
        last = {rows.integer(18), rows.integer(19)};
    }
    return page;
}

std::int64_t loosen_file(Database& db, const std::string& sha256) {
    db.run("INSERT INTO loose_files (sha256) VALUES (?1)", sha256);
    return last_loose_file(db);
}

std::int64_t loosen_files_of(Database& db, ConversationId conversation) {
    db.run("INSERT INTO loose_files (sha256) SELECT DISTINCT sha256 FROM artifacts WHERE conversation = ?1",
           conversation);
    return last_loose_file(db);
}

std::int64_t last_loose_file(Database& db) {
    Rows rows = db.query("SELECT coalesce(max(ticket), 0) FROM loose_files");
    rows.next();
    return rows.integer(0);
}

void sweep_loose_files(WriteScope& scope, const ArtifactFiles& files, std::int64_t up_to) {
    if (files.keeps_all()) return;  // whoever wants that looks for them afterwards
    Rows loose = scope.db.query("SELECT DISTINCT sha256 FROM loose_files WHERE ticket <= ?1", up_to);
    while (loose.next()) {
        const std::string sha256 = loose.text(0);
        // A later ticket stands for a row that was removed in this very commit, perhaps, which may be undone.
        const bool needed = has_rows(scope.db.query("SELECT 1 FROM artifacts WHERE sha256 = ?1", sha256));
        const bool later = has_rows(
            scope.db.query("SELECT 1 FROM loose_files WHERE sha256 = ?1 AND ticket > ?2", sha256, up_to));
        if (!needed && !later) files.remove(sha256);
    }
    scope.db.run("DELETE FROM loose_files WHERE ticket <= ?1", up_to);
}

}  // namespace assistd::store
