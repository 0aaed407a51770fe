#pragma once
// The rows of vector stores. Functions over a connection, for the thread that has it.

#include <string>
#include <vector>

#include "knowledge/tables.h"

namespace assistd::knowledge {

// A store's key and whose it is.
struct StoreRow {
    Key key = 0;
    Key owner = 0;
    bool expired = false;
};

// Makes the owner known when it is not.
Key owner_key(WriteScope& scope, const core::Owner& owner);
std::optional<Key> find_owner(Database& db, const core::Owner& owner);
// Throws Error{not_found}.
StoreRow find_store(Database& db, const core::Owner& owner, VectorStoreId id, Timestamp now);

Key add_store(WriteScope& scope, const core::VectorStore& store);
core::VectorStore read_store(Database& db, const core::Owner& owner, VectorStoreId id, Timestamp now);
std::optional<VectorStoreId> store_by_name(Database& db, const core::Owner& owner, const std::string& name,
                                           Timestamp now);
core::Slice<core::VectorStore> list_stores(Database& db, const core::Owner& owner,
                                           const core::ListRange<VectorStoreId>& range, Timestamp now);
void change_store(WriteScope& scope, const core::Owner& owner, VectorStoreId id,
                  const core::VectorStoreChange& change, Timestamp now);
void remove_store(WriteScope& scope, Key store);
// At most so many of an owner's stores, and the owner once there are none. Returns how many there were.
int remove_stores_of(WriteScope& scope, const core::Owner& owner, int at_most);
// It was used at this time, from which it counts until it expires.
void touch_store(WriteScope& scope, Key store, Timestamp now);
// Returns how many there were.
int sweep_stores(WriteScope& scope, Timestamp now, Timestamp gone_before, int at_most);

}  // namespace assistd::knowledge
