#include "knowledge/file_rows.h"

#include <fmt/format.h>

#include "base/error.h"
#include "knowledge/list_bounds.h"

namespace assistd::knowledge {
namespace {

[[noreturn]] void throw_no_file() {
    throw Error(ErrorCode::not_found, "There is no such file in this vector store.");
}

struct StoredFile {
    Key key = 0;
    std::string state;
    core::Chunking chunking;
    std::int64_t created_at = 0;
    std::int64_t sequence = 0;
};

std::optional<StoredFile> stored_file(Database& db, Key store, ArtifactId file) {
    Rows rows = db.query(
        "SELECT key, state, chunk_size, chunk_overlap, created_at, sequence FROM files "
        "WHERE store = ?1 AND file = ?2",
        store, file);
    if (!rows.next()) return std::nullopt;
    StoredFile stored;
    stored.key = rows.integer(0);
    stored.state = rows.text(1);
    stored.chunking = {static_cast<int>(rows.integer(2)), static_cast<int>(rows.integer(3))};
    stored.created_at = rows.integer(4);
    stored.sequence = rows.integer(5);
    return stored;
}

void forget(WriteScope& scope, Key file) {
    scope.afterwards.push_back([file](Catalogue::Change& catalogue) { catalogue.remove(file); });
}

// The row goes at once, and its chunks are removed later.
void remove_row(WriteScope& scope, Key file, const std::string& its_scope) {
    scope.db.run("INSERT OR IGNORE INTO leavings (file, scope) VALUES (?1, ?2)", file, its_scope);
    scope.db.run(
        "INSERT OR REPLACE INTO gone_files (store, file, created_at, sequence, gone_at) "
        "SELECT store, file, created_at, sequence, ?2 FROM files WHERE key = ?1",
        file, now());
    scope.db.run("DELETE FROM files WHERE key = ?1", file);
    forget(scope, file);
}

void insert_row(WriteScope& scope, Key store, const NewFile& file, std::optional<Key> batch,
                std::int64_t created_at, std::optional<std::int64_t> sequence) {
    scope.db.run(
        "INSERT INTO files (store, file, name, state, attributes, chunk_size, chunk_overlap, created_at, "
        "sequence, "
        "batch) VALUES (?1, ?2, ?3, 'in_progress', ?4, ?5, ?6, ?7, ?8, ?9)",
        store, file.about.file, file.name, file.about.attributes, file.about.chunking.max_chunk_size_tokens,
        file.about.chunking.chunk_overlap_tokens, created_at, sequence.value_or(0), batch);
    if (!sequence) scope.db.run("UPDATE files SET sequence = key WHERE key = ?1", scope.db.last_insert_key());
}

// From "f.file, f.name, f.state, f.error_code, f.error_message, f.usage_bytes, f.attributes, f.chunk_size,
// f.chunk_overlap, f.created_at, b.id".
core::IndexedFile file_at(const Rows& rows, const core::Owner& owner, VectorStoreId store) {
    core::IndexedFile file;
    file.file = {rows.uuid(0)};
    file.file_name = rows.text(1);
    file.store = store;
    file.owner = owner;
    file.state = core::index_state_of(rows.view(2)).value_or(core::IndexState::failed);
    if (!rows.view(3).empty())
        file.error = core::IndexError{core::index_error_of(rows.view(3)), rows.text(4)};
    file.usage_bytes = rows.integer(5);
    file.attributes = rows.text(6);
    file.chunking = {static_cast<int>(rows.integer(7)), static_cast<int>(rows.integer(8))};
    file.created_at = rows.time(9);
    file.batch = {rows.uuid(10)};
    return file;
}

std::optional<Key> batch_key(Database& db, Key store, FileBatchId id) {
    Rows rows = db.query("SELECT key FROM batches WHERE id = ?1 AND store = ?2", id, store);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

Key known_batch(Database& db, Key store, FileBatchId id) {
    const auto key = batch_key(db, store, id);
    if (!key) throw Error(ErrorCode::not_found, "There is no such file batch in this vector store.");
    return *key;
}

}  // namespace

void count_into(core::FileCounts& counts, std::string_view state, std::int64_t number) {
    switch (core::index_state_of(state).value_or(core::IndexState::failed)) {
        case core::IndexState::in_progress:
            counts.in_progress += number;
            break;
        case core::IndexState::completed:
            counts.completed += number;
            break;
        case core::IndexState::failed:
            counts.failed += number;
            break;
        case core::IndexState::cancelled:
            counts.cancelled += number;
            break;
    }
}

std::string scope_of(Key owner, Key store) {
    return fmt::format("o{} s{}", owner, store);
}

void put_file(WriteScope& scope, const StoreRow& store, const NewFile& file, std::optional<Key> batch,
              Timestamp now) {
    const auto stored = stored_file(scope.db, store.key, file.about.file);
    if (!stored) return insert_row(scope, store.key, file, batch, to_micros(now), std::nullopt);
    const bool good = stored->state == "completed" || stored->state == "in_progress";
    if (!good || stored->chunking != file.about.chunking) {
        remove_row(scope, stored->key, scope_of(store.owner, store.key));
        return insert_row(scope, store.key, file, batch, stored->created_at, stored->sequence);
    }
    change_attributes(scope, store.key, file.about.file, file.about.attributes);
    if (batch) scope.db.run("UPDATE files SET batch = ?2 WHERE key = ?1", stored->key, batch);
}

core::IndexedFile read_file(Database& db, const core::Owner& owner, VectorStoreId store, ArtifactId file) {
    Rows rows = db.query(
        "SELECT f.file, f.name, f.state, f.error_code, f.error_message, f.usage_bytes, f.attributes, "
        "f.chunk_size, "
        "f.chunk_overlap, f.created_at, b.id FROM files f JOIN stores s ON s.key = f.store "
        "JOIN owners o ON o.key = s.owner LEFT JOIN batches b ON b.key = f.batch "
        "WHERE s.id = ?1 AND o.name = ?2 AND f.file = ?3",
        store, owner, file);
    if (!rows.next()) throw_no_file();
    return file_at(rows, owner, store);
}

core::Slice<core::IndexedFile> list_files(Database& db, const core::IndexedFileQuery& query) {
    const StoreRow store = find_store(db, query.owner, query.store, now());
    std::optional<Key> batch;
    if (query.batch) batch = known_batch(db, store.key, *query.batch);
    std::optional<std::string> state;
    if (query.state) state = std::string(name_of(*query.state));
    const auto place_of = [&](ArtifactId id, const char* field) {
        if (const auto stored = stored_file(db, store.key, id))
            return Place{stored->created_at, stored->sequence};
        Rows gone = db.query("SELECT created_at, sequence FROM gone_files WHERE store = ?1 AND file = ?2",
                             store.key, id);
        if (!gone.next()) refuse_place(field);
        return Place{gone.integer(0), gone.integer(1)};
    };
    const Bounds bounds = bounds_of(query.range, place_of);
    const int limit = query.range.limit + 1;
    std::vector<core::IndexedFile> files;
    const auto collect = [&](Rows rows) {
        while (rows.next()) files.push_back(file_at(rows, query.owner, query.store));
    };
    if (bounds.ascending)
        collect(db.query(
            "SELECT f.file, f.name, f.state, f.error_code, f.error_message, f.usage_bytes, f.attributes, "
            "f.chunk_size, f.chunk_overlap, f.created_at, b.id FROM files f LEFT JOIN batches b ON b.key = "
            "f.batch "
            "WHERE f.store = ?1 AND (f.created_at, f.sequence) > (?2, ?3) AND (f.created_at, f.sequence) < "
            "(?4, ?5) "
            "AND (?6 IS NULL OR f.state = ?6) AND (?7 IS NULL OR f.batch = ?7) "
            "ORDER BY f.created_at, f.sequence LIMIT ?8",
            store.key, bounds.low.time, bounds.low.number, bounds.high.time, bounds.high.number, state, batch,
            limit));
    else
        collect(db.query(
            "SELECT f.file, f.name, f.state, f.error_code, f.error_message, f.usage_bytes, f.attributes, "
            "f.chunk_size, f.chunk_overlap, f.created_at, b.id FROM files f LEFT JOIN batches b ON b.key = "
            "f.batch "
            "WHERE f.store = ?1 AND (f.created_at, f.sequence) > (?2, ?3) AND (f.created_at, f.sequence) < "
            "(?4, ?5) "
            "AND (?6 IS NULL OR f.state = ?6) AND (?7 IS NULL OR f.batch = ?7) "
            "ORDER BY f.created_at DESC, f.sequence DESC LIMIT ?8",
            store.key, bounds.low.time, bounds.low.number, bounds.high.time, bounds.high.number, state, batch,
            limit));
    return slice_of(std::move(files), query.range.limit, bounds);
}

void change_attributes(WriteScope& scope, Key store, ArtifactId file, const std::string& attributes) {
    const auto stored = stored_file(scope.db, store, file);
    if (!stored) throw_no_file();
    scope.db.run("UPDATE files SET attributes = ?2 WHERE key = ?1", stored->key, attributes);
    scope.afterwards.push_back(
        [key = stored->key, parsed = parse_attributes(attributes)](Catalogue::Change& catalogue) {
            catalogue.change_attributes(key, parsed);
        });
}

void remove_file(WriteScope& scope, const StoreRow& store, ArtifactId file) {
    const auto stored = stored_file(scope.db, store.key, file);
    if (!stored) throw_no_file();
    remove_row(scope, stored->key, scope_of(store.owner, store.key));
}

void remove_files_of_store(WriteScope& scope, Key store) {
    {
        Rows rows = scope.db.query("SELECT key FROM files WHERE store = ?1", store);
        while (rows.next()) forget(scope, rows.integer(0));
    }
    scope.db.run(
        "INSERT OR IGNORE INTO leavings (file, scope) SELECT f.key, 'o' || s.owner || ' s' || s.key FROM "
        "files f "
        "JOIN stores s ON s.key = f.store WHERE f.store = ?1",
        store);
    scope.db.run("DELETE FROM files WHERE store = ?1", store);
}

std::vector<Key> remove_file_everywhere(WriteScope& scope, const std::optional<core::Owner>& owner,
                                        ArtifactId file) {
    std::vector<std::pair<Key, std::string>> places;
    {
        Rows rows = scope.db.query(
            "SELECT f.key, s.owner, s.key FROM files f JOIN stores s ON s.key = f.store "
            "JOIN owners o ON o.key = s.owner WHERE f.file = ?1 AND (?2 IS NULL OR o.name = ?2)",
            file, owner);
        while (rows.next()) places.emplace_back(rows.integer(0), scope_of(rows.integer(1), rows.integer(2)));
    }
    std::vector<Key> keys;
    for (const auto& [key, its_scope] : places) {
        remove_row(scope, key, its_scope);
        keys.push_back(key);
    }
    return keys;
}

Key find_file(Database& db, Key store, ArtifactId file) {
    const auto stored = stored_file(db, store, file);
    if (!stored) throw_no_file();
    return stored->key;
}

Key add_batch(WriteScope& scope, Key store, FileBatchId id, Timestamp now) {
    scope.db.run("INSERT INTO batches (id, store, created_at) VALUES (?1, ?2, ?3)", id, store, now);
    return scope.db.last_insert_key();
}

core::FileBatch read_batch(Database& db, const StoreRow& store, VectorStoreId store_id, FileBatchId id) {
    core::FileBatch batch;
    batch.id = id;
    batch.store = store_id;
    const Key key = known_batch(db, store.key, id);
    bool cancelled = false;
    {
        Rows rows = db.query("SELECT created_at, cancelled FROM batches WHERE key = ?1", key);
        rows.next();
        batch.created_at = rows.time(0);
        cancelled = rows.flag(1);
    }
    Rows rows = db.query("SELECT state, count(*) FROM files WHERE batch = ?1 GROUP BY state", key);
    while (rows.next()) count_into(batch.counts, rows.view(0), rows.integer(1));
    if (cancelled)
        batch.state = core::IndexState::cancelled;
    else if (batch.counts.in_progress > 0)
        batch.state = core::IndexState::in_progress;
    else if (batch.counts.failed > 0 && batch.counts.failed == batch.counts.total())
        batch.state = core::IndexState::failed;
    else
        batch.state = core::IndexState::completed;
    return batch;
}

std::vector<Key> cancel_batch(WriteScope& scope, Key store, FileBatchId id) {
    const Key batch = known_batch(scope.db, store, id);
    std::vector<Key> keys;
    {
        Rows rows = scope.db.query("SELECT key FROM files WHERE batch = ?1 AND state = 'in_progress'", batch);
        while (rows.next()) keys.push_back(rows.integer(0));
    }
    if (keys.empty()) return keys;  // it had ended
    scope.db.run(
        "INSERT OR IGNORE INTO leavings (file, scope) SELECT f.key, 'o' || s.owner || ' s' || s.key FROM "
        "files f "
        "JOIN stores s ON s.key = f.store WHERE f.batch = ?1 AND f.state = 'in_progress'",
        batch);
    scope.db.run("UPDATE files SET state = 'cancelled' WHERE batch = ?1 AND state = 'in_progress'", batch);
    scope.db.run("UPDATE batches SET cancelled = 1 WHERE key = ?1", batch);
    return keys;
}

}  // namespace assistd::knowledge
