#include "store/files.h"

#include "base/error.h"
#include "store/artifact_rows.h"
#include "store/cursor.h"
#include "store/windows.h"

namespace assistd::store {
namespace {

#define FILE_COLUMNS "key, artifact, purpose, status, created_at, expires_at"

struct Row {
    Place place;
    ArtifactId artifact;
    core::File file;  // without its artifact
};

Row row_at(const Rows& row) {
    Row found;
    found.place = {row.integer(4), row.integer(0)};
    found.artifact = {row.uuid(1)};
    found.file.purpose = row.text(2);
    found.file.status = row.text(3);
    if (const auto end = row.optional_integer(5)) found.file.expires_at = from_micros(*end);
    return found;
}

std::optional<Row> find_row(Database& db, const core::Owner& owner, ArtifactId id) {
    Rows rows = db.query("SELECT " FILE_COLUMNS
                         " FROM files WHERE artifact = ?1 AND owner = ?2 "
                         "AND (expires_at IS NULL OR expires_at > ?3)",
                         id, owner, now());
    if (!rows.next()) return std::nullopt;
    return row_at(rows);
}

bool has_row(Database& db, ArtifactId id) {
    return db.query("SELECT 1 FROM files WHERE artifact = ?1", id).next();
}

core::File with_artifact(Database& db, const core::Owner& owner, Row row) {
    row.file.artifact = read_artifact(db, owner, row.artifact.text());
    return std::move(row.file);
}

core::File find_file(Database& db, const core::Owner& owner, ArtifactId id) {
    Row row;
    if (auto found = find_row(db, owner, id))
        row = std::move(*found);
    else if (has_row(db, id))
        throw Error(ErrorCode::not_found, "The file has expired.");
    else
        row.file.status = "processed";
    row.artifact = id;
    core::File file = with_artifact(db, owner, std::move(row));
    if (file.purpose.empty()) file.purpose = file.artifact.tool.empty() ? "user_data" : "assistants_output";
    return file;
}

std::optional<Place> place_of(Database& db, const core::Owner& owner, ArtifactId id) {
    const auto place_in = [](Rows rows) -> std::optional<Place> {
        if (!rows.next()) return std::nullopt;
        return Place{rows.integer(0), rows.integer(1)};
    };
    auto place =
        place_in(db.query("SELECT created_at, key FROM files WHERE artifact = ?1 AND owner = ?2", id, owner));
    if (place) return place;
    // Another one's, or no file, is no place in this list; what is gone is.
    const bool is_there = db.query("SELECT 1 FROM artifacts WHERE id = ?1", id).next();
    if (is_there || !made_at(id.uuid)) return std::nullopt;
    return place_behind(
        place_in(db.query("SELECT created_at, key FROM files WHERE owner = ?1 AND artifact < ?2 "
                          "ORDER BY created_at DESC, key DESC LIMIT 1",
                          owner, id)));
}

Place place_after(Database& db, const core::FileQuery& query) {
    const bool newest_first = query.order == core::Order::descending;
    if (!query.after) return newest_first ? Place::last() : Place{INT64_MIN, INT64_MIN};
    if (const auto found = place_of(db, query.owner, *query.after)) return *found;
    const std::string sentence = "after names no file of yours; pass the id of the last one that you got.";
    throw Error(ErrorCode::validation, sentence, {{"after", sentence}});
}

// A plain condition for each order and filter, so that the planner finds its index.
Rows rows_of_page(Database& db, const core::FileQuery& query, Place from, std::int64_t limit) {
    const Timestamp time = now();
#define FILES_WHERE "SELECT " FILE_COLUMNS " FROM files WHERE owner = ?1 AND "
#define NOT_EXPIRED " AND (expires_at IS NULL OR expires_at > ?4) "
    if (query.order == core::Order::descending && query.purpose.empty())
        return db.query(FILES_WHERE "(created_at, key) < (?2, ?3)" NOT_EXPIRED
                                    "ORDER BY created_at DESC, key DESC LIMIT ?5",
                        query.owner, from.order, from.key, time, limit);
    if (query.order == core::Order::descending)
        return db.query(FILES_WHERE "purpose = ?6 AND (created_at, key) < (?2, ?3)" NOT_EXPIRED
                                    "ORDER BY created_at DESC, key DESC LIMIT ?5",
                        query.owner, from.order, from.key, time, limit, query.purpose);
    if (query.purpose.empty())
        return db.query(FILES_WHERE "(created_at, key) > (?2, ?3)" NOT_EXPIRED
                                    "ORDER BY created_at, key LIMIT ?5",
                        query.owner, from.order, from.key, time, limit);
    return db.query(FILES_WHERE "purpose = ?6 AND (created_at, key) > (?2, ?3)" NOT_EXPIRED
                                "ORDER BY created_at, key LIMIT ?5",
                    query.owner, from.order, from.key, time, limit, query.purpose);
#undef FILES_WHERE
#undef NOT_EXPIRED
}

core::Slice<core::File> read_files(Database& db, const core::FileQuery& query) {
    check_limit(query.limit);
    Rows rows = rows_of_page(db, query, place_after(db, query), static_cast<std::int64_t>(query.limit) + 1);
    core::Slice<core::File> slice;
    while (rows.next()) {
        slice.has_more = slice.items.size() == static_cast<std::size_t>(query.limit);
        if (slice.has_more) break;
        slice.items.push_back(with_artifact(db, query.owner, row_at(rows)));
    }
    return slice;
}

// One that has expired is missing, whether it was removed already or not.
bool is_there(Database& db, ArtifactId id, Timestamp time) {
    Rows rows = db.query(
        "SELECT f.expires_at FROM artifacts a LEFT JOIN files f ON f.artifact = a.id WHERE a.id = ?1", id);
    if (!rows.next()) return false;
    const auto end = rows.optional_integer(0);
    return !end || from_micros(*end) > time;
}

struct Removed {
    int count = 0;
    std::int64_t ticket = 0;  // up to which contents may be swept
};

Removed remove_old_ones(WriteScope& scope, Timestamp time, int at_most) {
    std::vector<std::pair<core::Owner, ArtifactId>> old;
    {
        Rows rows = scope.db.query(
            "SELECT owner, artifact FROM files WHERE expires_at IS NOT NULL AND expires_at <= ?1 "
            "ORDER BY expires_at LIMIT ?2",
            time, static_cast<std::int64_t>(at_most));
        while (rows.next()) old.emplace_back(rows.text(0), ArtifactId{rows.uuid(1)});
    }
    Removed removed;
    for (const auto& [owner, id] : old) {
        removed.ticket = remove_artifact(scope, owner, id.text());
        ++removed.count;
    }
    return removed;
}

}  // namespace

Task<core::File> SqliteFiles::add(core::ArtifactDraft draft, std::string purpose,
                                  std::optional<std::chrono::seconds> lifetime) {
    core::File file;
    file.purpose = std::move(purpose);
    file.status = "processed";
    draft.about.kind = "file";
    SqliteArtifacts::Also also = [file, lifetime](WriteScope& scope,
                                                  const std::vector<core::Artifact>& added) {
        const core::Artifact& artifact = added.front();
        const auto end = lifetime ? std::optional(artifact.created_at + *lifetime) : std::nullopt;
        scope.db.run(
            "INSERT INTO files (artifact, owner, purpose, status, created_at, expires_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            artifact.id, artifact.owner, file.purpose, file.status, artifact.created_at, end);
    };
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(std::move(draft));
    std::vector<core::Artifact> added = co_await artifacts_.add_with(std::move(drafts), std::move(also));
    file.artifact = std::move(added.front());
    if (lifetime) file.expires_at = file.artifact.created_at + *lifetime;
    co_return file;
}

Task<core::File> SqliteFiles::find(core::Owner owner, ArtifactId id) {
    return readers_.read([owner = std::move(owner), id](Database& db) { return find_file(db, owner, id); });
}

Task<core::Slice<core::File>> SqliteFiles::list(core::FileQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_files(db, query); });
}

Task<void> SqliteFiles::remove(core::Owner owner, ArtifactId id) {
    auto work = [owner = std::move(owner), id](WriteScope& scope) {
        find_file(scope.db, owner, id);
        return remove_artifact(scope, owner, id.text());
    };
    const auto removed = writer_.submit(std::move(work));
    const std::int64_t ticket = co_await removed.wait();
    co_await sweep(writer_, contents_, ticket);
}

Task<std::vector<ArtifactId>> SqliteFiles::missing(std::vector<ArtifactId> ids) {
    return readers_.read([ids = std::move(ids), time = now()](Database& db) {
        std::vector<ArtifactId> missing;
        for (const ArtifactId id : ids)
            if (!is_there(db, id, time)) missing.push_back(id);
        return missing;
    });
}

Task<int> SqliteFiles::remove_expired(int at_most) {
    auto work = [time = now(), at_most](WriteScope& scope) { return remove_old_ones(scope, time, at_most); };
    const auto written = writer_.submit(work);
    const Removed removed = co_await written.wait();
    if (removed.count > 0) co_await sweep(writer_, contents_, removed.ticket);
    co_return removed.count;
}

}  // namespace assistd::store
