#pragma once
// The rows of files in vector stores, and of the batches they came with. Functions over a connection, for the
// thread that has it.

#include <string_view>
#include <vector>

#include "core/knowledge.h"
#include "knowledge/store_rows.h"

namespace assistd::knowledge {

// A file to be put into a store, with what is known of its artifact.
struct NewFile {
    core::FileToIndex about;
    std::string name;
};

// What is to be indexed, and how.
struct IndexJob {
    Key key = 0;  // of the row
    Key owner_key = 0;
    Key store = 0;
    ArtifactId file;
    core::Owner owner;
    std::string name;
    core::Chunking chunking;
};

void count_into(core::FileCounts& counts, std::string_view state, std::int64_t number);
// What the full-text index knows a store's chunks by.
std::string scope_of(Key owner, Key store);

void put_file(WriteScope& scope, const StoreRow& store, const NewFile& file, std::optional<Key> batch,
              Timestamp now);
core::IndexedFile read_file(Database& db, const core::Owner& owner, VectorStoreId store, ArtifactId file);
core::Slice<core::IndexedFile> list_files(Database& db, const core::IndexedFileQuery& query);
void change_attributes(WriteScope& scope, Key store, ArtifactId file, const std::string& attributes);
// Throws Error{not_found}.
void remove_file(WriteScope& scope, const StoreRow& store, ArtifactId file);
void remove_files_of_store(WriteScope& scope, Key store);
// Whoever's it is, without an owner. Returns the keys that it had.
std::vector<Key> remove_file_everywhere(WriteScope& scope, const std::optional<core::Owner>& owner,
                                        ArtifactId file);
// The key of a completed file; throws Error{not_found} for one that is not in the store.
Key find_file(Database& db, Key store, ArtifactId file);

Key add_batch(WriteScope& scope, Key store, FileBatchId id, Timestamp now);
core::FileBatch read_batch(Database& db, const StoreRow& store, VectorStoreId store_id, FileBatchId id);
// Returns the keys of the files that are not to be indexed any more.
std::vector<Key> cancel_batch(WriteScope& scope, Key store, FileBatchId id);

// What is to be indexed next, but for those that are `taken` already.
std::optional<IndexJob> oldest_file_to_index(Database& db, const std::vector<Key>& taken);
std::optional<IndexJob> newest_file_to_index(Database& db, const std::vector<Key>& taken);
bool is_to_be_indexed(Database& db, Key file);
void complete_file(WriteScope& scope, const IndexJob& job, std::int64_t chunks, std::int64_t bytes,
                   bool embedded);
void fail_file(WriteScope& scope, Key file, const core::IndexError& error);
// What an earlier process began is begun anew, under new keys.
void begin_interrupted_files_anew(WriteScope& scope);

}  // namespace assistd::knowledge
