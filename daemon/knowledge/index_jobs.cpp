// The files that wait for being indexed, and how that ends.

#include "knowledge/file_rows.h"

#include <algorithm>

namespace assistd::knowledge {

namespace {

std::optional<IndexJob> first_not_taken(Rows rows, const std::vector<Key>& taken) {
    while (rows.next()) {
        if (std::ranges::find(taken, rows.integer(0)) != taken.end()) continue;
        IndexJob job;
        job.key = rows.integer(0);
        job.owner_key = rows.integer(1);
        job.store = rows.integer(2);
        job.file = {rows.uuid(3)};
        job.owner = rows.text(4);
        job.name = rows.text(5);
        job.chunking = {static_cast<int>(rows.integer(6)), static_cast<int>(rows.integer(7))};
        return job;
    }
    return std::nullopt;
}

}  // namespace

std::optional<IndexJob> oldest_file_to_index(Database& db, const std::vector<Key>& taken) {
    return first_not_taken(
        db.query(
            "SELECT f.key, s.owner, f.store, f.file, o.name, f.name, f.chunk_size, f.chunk_overlap FROM "
            "files f "
            "JOIN stores s ON s.key = f.store JOIN owners o ON o.key = s.owner WHERE f.state = 'in_progress' "
            "ORDER BY f.key LIMIT ?1",
            taken.size() + 1),
        taken);
}

std::optional<IndexJob> newest_file_to_index(Database& db, const std::vector<Key>& taken) {
    return first_not_taken(
        db.query(
            "SELECT f.key, s.owner, f.store, f.file, o.name, f.name, f.chunk_size, f.chunk_overlap FROM "
            "files f "
            "JOIN stores s ON s.key = f.store JOIN owners o ON o.key = s.owner WHERE f.state = 'in_progress' "
            "ORDER BY f.key DESC LIMIT ?1",
            taken.size() + 1),
        taken);
}

bool is_to_be_indexed(Database& db, Key file) {
    return db.query("SELECT 1 FROM files WHERE key = ?1 AND state = 'in_progress'", file).next();
}

void complete_file(WriteScope& scope, const IndexJob& job, std::int64_t chunks, std::int64_t bytes,
                   bool embedded) {
    scope.db.run(
        "UPDATE files SET state = 'completed', chunks = ?2, usage_bytes = ?3, embedded = ?4 WHERE key = ?1",
        job.key, chunks, bytes, embedded);
    Indexed indexed;
    indexed.owner = job.owner_key;
    indexed.store = job.store;
    indexed.chunks = chunks;
    {
        Rows rows = scope.db.query("SELECT attributes FROM files WHERE key = ?1", job.key);
        if (rows.next()) indexed.attributes = parse_attributes(rows.view(0));
    }
    scope.afterwards.push_back(
        [key = job.key, indexed](Catalogue::Change& catalogue) { catalogue.put(key, indexed); });
}

void fail_file(WriteScope& scope, Key file, const core::IndexError& error) {
    scope.db.run(
        "UPDATE files SET state = 'failed', error_code = ?2, error_message = ?3 "
        "WHERE key = ?1 AND state = 'in_progress'",
        file, name_of(error.code), error.message);
    // What was written before the failure goes.
    scope.db.run(
        "INSERT OR IGNORE INTO leavings (file, scope) SELECT f.key, 'o' || s.owner || ' s' || s.key FROM "
        "files f "
        "JOIN stores s ON s.key = f.store WHERE f.key = ?1",
        file);
}

void begin_interrupted_files_anew(WriteScope& scope) {
    struct Begun {
        IndexJob job;
        std::string attributes;
        std::int64_t created_at;
        std::int64_t sequence;
        std::optional<std::int64_t> batch;
    };
    std::vector<Begun> begun;
    {
        Rows rows = scope.db.query(
            "SELECT f.key, s.owner, f.store, f.file, f.name, f.chunk_size, f.chunk_overlap, f.attributes, "
            "f.created_at, f.sequence, f.batch FROM files f JOIN stores s ON s.key = f.store "
            "WHERE f.state = 'in_progress' AND EXISTS "
            "(SELECT 1 FROM chunks c WHERE c.key BETWEEN f.key << ?1 AND ((f.key + 1) << ?1) - 1) ORDER BY "
            "f.key",
            chunk_bits);
        while (rows.next()) {
            Begun one;
            one.job.key = rows.integer(0);
            one.job.owner_key = rows.integer(1);
            one.job.store = rows.integer(2);
            one.job.file = {rows.uuid(3)};
            one.job.name = rows.text(4);
            one.job.chunking = {static_cast<int>(rows.integer(5)), static_cast<int>(rows.integer(6))};
            one.attributes = rows.text(7);
            one.created_at = rows.integer(8);
            one.sequence = rows.integer(9);
            one.batch = rows.optional_integer(10);
            begun.push_back(std::move(one));
        }
    }
    for (const Begun& one : begun) {
        scope.db.run("INSERT OR IGNORE INTO leavings (file, scope) VALUES (?1, ?2)", one.job.key,
                     scope_of(one.job.owner_key, one.job.store));
        scope.db.run("DELETE FROM files WHERE key = ?1", one.job.key);
        scope.db.run(
            "INSERT INTO files (store, file, name, state, attributes, chunk_size, chunk_overlap, created_at, "
            "sequence, batch) VALUES (?1, ?2, ?3, 'in_progress', ?4, ?5, ?6, ?7, ?8, ?9)",
            one.job.store, one.job.file, one.job.name, one.attributes, one.job.chunking.max_chunk_size_tokens,
            one.job.chunking.chunk_overlap_tokens, one.created_at, one.sequence, one.batch);
    }
}

}  // namespace assistd::knowledge
