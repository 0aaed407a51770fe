#include "knowledge/store_rows.h"

#include "base/error.h"
#include "base/id_time.h"
#include "core/metadata.h"
#include "knowledge/file_rows.h"
#include "knowledge/list_bounds.h"

namespace assistd::knowledge {
namespace {

constexpr std::int64_t micros_per_day = 86'400'000'000;

[[noreturn]] void throw_no_store() {
    throw Error(ErrorCode::not_found, "There is no vector store of this id.");
}

std::optional<Timestamp> expiry(std::optional<int> days, Timestamp last_active) {
    if (!days) return std::nullopt;
    return last_active + std::chrono::days(*days);
}

void count_files(Database& db, Key store, core::VectorStore& into) {
    Rows rows = db.query(
        "SELECT state, count(*), sum(usage_bytes) FROM files WHERE store = ?1 GROUP BY state", store);
    while (rows.next()) {
        count_into(into.counts, rows.view(0), rows.integer(1));
        into.usage_bytes += rows.integer(2);
    }
}

// From "key, id, name, description, metadata, expires_after_days, expires_at, created_at, last_active_at".
struct RowOfStore {
    Key key = 0;
    core::VectorStore store;
};
RowOfStore store_at(const Rows& rows, const core::Owner& owner) {
    RowOfStore row;
    row.key = rows.integer(0);
    core::VectorStore& store = row.store;
    store.id = {rows.uuid(1)};
    store.owner = owner;
    store.name = rows.text(2);
    store.description = rows.text(3);
    store.metadata = rows.text(4);
    if (const auto days = rows.optional_integer(5)) store.expires_after_days = static_cast<int>(*days);
    if (const auto time = rows.optional_integer(6)) store.expires_at = from_micros(*time);
    store.created_at = rows.time(7);
    store.last_active_at = rows.time(8);
    return row;
}

core::VectorStore completed(Database& db, RowOfStore row, Timestamp now) {
    count_files(db, row.key, row.store);
    if (row.store.expires_at && *row.store.expires_at <= now)
        row.store.state = core::VectorStoreState::expired;
    else if (row.store.counts.in_progress > 0)
        row.store.state = core::VectorStoreState::in_progress;
    return std::move(row.store);
}

std::vector<RowOfStore> rows_within(Database& db, const core::Owner& owner, Key owner_number,
                                    const Bounds& bounds, int limit) {
    std::vector<RowOfStore> found;
    const auto collect = [&](Rows rows) {
        while (rows.next()) found.push_back(store_at(rows, owner));
    };
    if (bounds.ascending)
        collect(db.query(
            "SELECT key, id, name, description, metadata, expires_after_days, expires_at, created_at, "
            "last_active_at FROM stores WHERE owner = ?1 AND (created_at, key) > (?2, ?3) AND "
            "(created_at, key) < (?4, ?5) ORDER BY created_at, key LIMIT ?6",
            owner_number, bounds.low.time, bounds.low.number, bounds.high.time, bounds.high.number, limit));
    else
        collect(db.query(
            "SELECT key, id, name, description, metadata, expires_after_days, expires_at, created_at, "
            "last_active_at FROM stores WHERE owner = ?1 AND (created_at, key) > (?2, ?3) AND "
            "(created_at, key) < (?4, ?5) ORDER BY created_at DESC, key DESC LIMIT ?6",
            owner_number, bounds.low.time, bounds.low.number, bounds.high.time, bounds.high.number, limit));
    return found;
}

}  // namespace

Key owner_key(WriteScope& scope, const core::Owner& owner) {
    if (const auto known = find_owner(scope.db, owner)) return *known;
    scope.db.run("INSERT INTO owners (name) VALUES (?1)", owner);
    const Key key = scope.db.last_insert_key();
    scope.afterwards.push_back(
        [owner, key](Catalogue::Change& catalogue) { catalogue.name_owner(owner, key); });
    return key;
}

std::optional<Key> find_owner(Database& db, const core::Owner& owner) {
    Rows rows = db.query("SELECT key FROM owners WHERE name = ?1", owner);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

StoreRow find_store(Database& db, const core::Owner& owner, VectorStoreId id, Timestamp now) {
    Rows rows = db.query(
        "SELECT s.key, s.owner, s.expires_at FROM stores s JOIN owners o ON o.key = s.owner "
        "WHERE s.id = ?1 AND o.name = ?2",
        id, owner);
    if (!rows.next()) throw_no_store();
    const auto expires = rows.optional_integer(2);
    return {rows.integer(0), rows.integer(1), expires && *expires <= to_micros(now)};
}

Key add_store(WriteScope& scope, const core::VectorStore& store) {
    scope.db.run(
        "INSERT INTO stores (id, owner, name, description, metadata, expires_after_days, expires_at, "
        "created_at, "
        "last_active_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        store.id, owner_key(scope, store.owner), store.name, store.description, store.metadata,
        store.expires_after_days, expiry(store.expires_after_days, store.created_at), store.created_at);
    return scope.db.last_insert_key();
}

core::VectorStore read_store(Database& db, const core::Owner& owner, VectorStoreId id, Timestamp now) {
    std::optional<RowOfStore> found;
    {
        Rows rows = db.query(
            "SELECT s.key, s.id, s.name, s.description, s.metadata, s.expires_after_days, s.expires_at, "
            "s.created_at, s.last_active_at FROM stores s JOIN owners o ON o.key = s.owner "
            "WHERE s.id = ?1 AND o.name = ?2",
            id, owner);
        if (!rows.next()) throw_no_store();
        found = store_at(rows, owner);
    }
    return completed(db, std::move(*found), now);
}

std::optional<VectorStoreId> store_by_name(Database& db, const core::Owner& owner, const std::string& name,
                                           Timestamp now) {
    Rows rows = db.query(
        "SELECT s.id FROM stores s JOIN owners o ON o.key = s.owner WHERE o.name = ?1 AND s.name = ?2 "
        "AND (s.expires_at IS NULL OR s.expires_at > ?3) ORDER BY s.created_at, s.key LIMIT 1",
        owner, name, now);
    if (!rows.next()) return std::nullopt;
    return VectorStoreId{rows.uuid(0)};
}

core::Slice<core::VectorStore> list_stores(Database& db, const core::Owner& owner,
                                           const core::ListRange<VectorStoreId>& range, Timestamp now) {
    const auto place_of = [&](VectorStoreId id, const char* field) {
        Rows rows = db.query(
            "SELECT s.created_at, s.key FROM stores s JOIN owners o ON o.key = s.owner "
            "WHERE s.id = ?1 AND o.name = ?2",
            id, owner);
        if (rows.next()) return Place{rows.integer(0), rows.integer(1)};
        // Ids rise with time: what is gone had its place behind what was made before it.
        const bool is_there = db.query("SELECT 1 FROM stores WHERE id = ?1", id).next();
        if (is_there || !made_at(id.uuid)) refuse_place(field);
        Rows before = db.query(
            "SELECT s.created_at, s.key FROM stores s JOIN owners o ON o.key = s.owner "
            "WHERE o.name = ?1 AND s.id < ?2 ORDER BY s.created_at DESC, s.key DESC LIMIT 1",
            owner, id);
        return before.next() ? Place{before.integer(0), before.integer(1) + 1} : Place::lowest();
    };
    const Bounds bounds = bounds_of(range, place_of);
    const auto owner_number = find_owner(db, owner);
    if (!owner_number) return {};
    std::vector<core::VectorStore> stores;
    for (RowOfStore& row : rows_within(db, owner, *owner_number, bounds, range.limit + 1))
        stores.push_back(completed(db, std::move(row), now));
    return slice_of(std::move(stores), range.limit, bounds);
}

void change_store(WriteScope& scope, const core::Owner& owner, VectorStoreId id,
                  const core::VectorStoreChange& change, Timestamp now) {
    const core::VectorStore before = read_store(scope.db, owner, id, now);
    const auto days = change.expires_after_days.value_or(before.expires_after_days);
    scope.db.run(
        "UPDATE stores SET name = ?2, description = ?3, metadata = ?4, expires_after_days = ?5, expires_at = "
        "?6, emptied = 0 "
        "WHERE id = ?1",
        id, change.name.value_or(before.name), change.description.value_or(before.description),
        change.metadata ? core::merged_metadata(before.metadata, *change.metadata) : before.metadata, days,
        expiry(days, before.last_active_at));
}

void remove_store(WriteScope& scope, Key store) {
    remove_files_of_store(scope, store);
    scope.db.run("DELETE FROM stores WHERE key = ?1", store);
}

int remove_stores_of(WriteScope& scope, const core::Owner& owner, int at_most) {
    const auto key = find_owner(scope.db, owner);
    if (!key) return 0;
    std::vector<Key> stores;
    {
        Rows rows = scope.db.query("SELECT key FROM stores WHERE owner = ?1 LIMIT ?2", *key, at_most);
        while (rows.next()) stores.push_back(rows.integer(0));
    }
    for (const Key store : stores) remove_store(scope, store);
    if (!stores.empty()) return static_cast<int>(stores.size());
    scope.db.run("DELETE FROM owners WHERE key = ?1", *key);
    scope.afterwards.push_back([owner](Catalogue::Change& catalogue) { catalogue.forget_owner(owner); });
    return 0;
}

void touch_store(WriteScope& scope, Key store, Timestamp now) {
    scope.db.run(
        "UPDATE stores SET last_active_at = ?2, expires_at = ?2 + expires_after_days * ?3 "
        "WHERE key = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
        store, now, micros_per_day);
}

int sweep_stores(WriteScope& scope, Timestamp now, Timestamp gone_before, int at_most) {
    constexpr std::chrono::days places_kept{1};  // nobody pages through a list for longer
    scope.db.run("DELETE FROM gone_files WHERE gone_at < ?1", now - places_kept);
    std::vector<Key> expired;
    std::vector<Key> gone;
    {
        Rows rows = scope.db.query(
            "SELECT key, expires_at <= ?2 FROM stores WHERE expires_at <= ?1 AND (emptied = 0 OR expires_at "
            "<= ?2) "
            "ORDER BY expires_at LIMIT ?3",
            now, gone_before, at_most);
        while (rows.next()) (rows.flag(1) ? gone : expired).push_back(rows.integer(0));
    }
    for (const Key store : gone) remove_store(scope, store);
    for (const Key store : expired) {
        remove_files_of_store(scope, store);
        scope.db.run("UPDATE stores SET emptied = 1 WHERE key = ?1", store);
    }
    return static_cast<int>(gone.size() + expired.size());
}

}  // namespace assistd::knowledge
