#pragma once
// The documents: vector stores, the files that are indexed in them, and the search. Implemented in
// knowledge/; any thread. Everything belongs to an owner; what is another's is Error{not_found}, as is what
// does not exist.
//
// A file is an artifact. Putting it into a store copies nothing but its text: the store has chunks of it,
// which are searched by words always and by meaning where a model for embeddings is configured. Indexing goes
// on in the background. A file is searchable all at once when it is completed, and not at all before.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"
#include "core/listing.h"
#include "core/passage.h"

namespace assistd::core {

// Of one file in one store.
enum class IndexState { in_progress, completed, failed, cancelled };
std::string_view name_of(IndexState state);
std::optional<IndexState> index_state_of(std::string_view name);

// How many of a store's or a batch's files are in which state.
struct FileCounts {
    std::int64_t in_progress = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;

    std::int64_t total() const { return in_progress + completed + failed + cancelled; }
};

// Expired: not used for as long as it was to be kept; its files are gone from the index. Otherwise
// in_progress while any file of it is.
enum class VectorStoreState { expired, in_progress, completed };
std::string_view name_of(VectorStoreState state);

struct VectorStore {
    VectorStoreId id;
    Owner owner;
    std::string name;  // may be empty; need not be unique
    std::string description;
    std::string metadata = "{}";            // a JSON object, kept as given
    std::optional<int> expires_after_days;  // after last_active_at
    std::optional<Timestamp> expires_at;    // follows from the two
    Timestamp created_at;
    Timestamp last_active_at;      // when it was searched, or a file was put into it
    std::int64_t usage_bytes = 0;  // of the text of its files
    FileCounts counts;
    VectorStoreState state = VectorStoreState::completed;
};

// Only the fields that are set are changed.
struct VectorStoreChange {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::string> metadata;                   // is merged (metadata.h)
    std::optional<std::optional<int>> expires_after_days;  // set to nothing: it does not expire any more
};

// How a file's text is cut. The size is 100..4096, the overlap at most half of it.
struct Chunking {
    int max_chunk_size_tokens = 800;
    int chunk_overlap_tokens = 400;

    friend bool operator==(const Chunking&, const Chunking&) = default;
};

struct FileToIndex {
    ArtifactId file;
    std::string attributes = "{}";  // a JSON object of strings, numbers and booleans
    Chunking chunking;
};

// Why a file could not be indexed; the message is a sentence for people.
enum class IndexErrorCode { server_error, unsupported_file, invalid_file };
std::string_view name_of(IndexErrorCode code);
IndexErrorCode index_error_of(std::string_view name);  // server_error for one that is none

struct IndexError {
    IndexErrorCode code = IndexErrorCode::server_error;
    std::string message;
};

struct IndexedFile {
    ArtifactId file;
    std::string file_name;
    VectorStoreId store;
    Owner owner;
    IndexState state = IndexState::in_progress;
    std::optional<IndexError> error;  // of a failed one
    std::int64_t usage_bytes = 0;     // of its text; 0 until it is completed
    std::string attributes = "{}";
    Chunking chunking;
    Timestamp created_at;
    FileBatchId batch;  // nil unless it came with one; the last one, if it came with several
};

struct FileBatch {
    FileBatchId id;
    VectorStoreId store;
    Timestamp created_at;
    FileCounts counts;
    // in_progress while any of its files is; cancelled when somebody cancelled it; else completed, or failed
    // when every file failed.
    IndexState state = IndexState::in_progress;
};

struct IndexedFileQuery {
    Owner owner;
    VectorStoreId store;
    std::optional<FileBatchId> batch;
    std::optional<IndexState> state;
    ListRange<ArtifactId> range;
};

// What the attributes of a file must be like. A comparison with an attribute that a file does not have, or
// has with another type, is false, but for ne and nin, which are true.
using AttributeValue = std::variant<std::string, double, bool>;
struct AttributeFilter {
    enum class Kind { eq, ne, gt, gte, lt, lte, in, nin, all_of, any_of };
    Kind kind = Kind::all_of;
    std::string key;                     // of comparisons
    std::vector<AttributeValue> values;  // one; any number for in and nin
    std::vector<AttributeFilter> parts;  // of all_of and any_of
};

struct SearchRequest {
    Owner owner;
    std::vector<VectorStoreId> stores;  // empty: all of the owner's
    std::vector<std::string> queries;   // their results are fused
    std::optional<AttributeFilter> filter;
    int limit = 10;              // 1..50
    double score_threshold = 0;  // 0..1
};

// A page of a file's chunks, for people who want to see what was read of it.
struct ChunkTexts {
    std::vector<std::string> texts;
    bool has_more = false;
};

class Knowledge {
  public:
    virtual ~Knowledge() = default;

    // Adds a store with its first files, all or nothing. The id and the times are filled in. Throws
    // Error{not_found} for a file that the owner does not have.
    virtual Task<VectorStore> add_store(VectorStore store, std::vector<FileToIndex> files) = 0;
    virtual Task<VectorStore> store(Owner owner, VectorStoreId id) = 0;
    // The owner's oldest store of that name that has not expired; it is added when there is none.
    virtual Task<VectorStore> store_named(Owner owner, std::string name) = 0;
    virtual Task<Slice<VectorStore>> stores(Owner owner, ListRange<VectorStoreId> range) = 0;
    virtual Task<VectorStore> change_store(Owner owner, VectorStoreId id, VectorStoreChange change) = 0;
    // The files themselves stay.
    virtual Task<void> remove_store(Owner owner, VectorStoreId id) = 0;

    // A file that is in the store already takes on the attributes, and is indexed anew when it is to be cut
    // differently or had failed. Throws Error{conflict} for a store that has expired.
    virtual Task<IndexedFile> add_file(Owner owner, VectorStoreId store, FileToIndex file) = 0;
    virtual Task<IndexedFile> file(Owner owner, VectorStoreId store, ArtifactId file) = 0;
    virtual Task<Slice<IndexedFile>> files(IndexedFileQuery query) = 0;
    virtual Task<IndexedFile> change_attributes(Owner owner, VectorStoreId store, ArtifactId file,
                                                std::string attributes) = 0;
    // The file itself stays.
    virtual Task<void> remove_file(Owner owner, VectorStoreId store, ArtifactId file) = 0;
    // In the order of the text, from chunk `first` on; what a chunk shares with the one before is left out.
    virtual Task<ChunkTexts> chunk_texts(Owner owner, VectorStoreId store, ArtifactId file, int first,
                                         int limit) = 0;

    // At most 2,000 files, all or nothing.
    virtual Task<FileBatch> add_batch(Owner owner, VectorStoreId store, std::vector<FileToIndex> files) = 0;
    virtual Task<FileBatch> batch(Owner owner, VectorStoreId store, FileBatchId id) = 0;
    // Those of its files that are not indexed yet will not be.
    virtual Task<FileBatch> cancel_batch(Owner owner, VectorStoreId store, FileBatchId id) = 0;

    // The best passages, best first. Two rankings are made of each query, by words (BM25) and, where there
    // are embeddings, by meaning, and fused by reciprocal ranks, which decides the order: each ranking gives
    // a passage 1 / (60 + rank).
    // The score says how like the query a passage is, 0..1, by the ranking that likes it best: by words it is
    // the share of the query's words that the passage has, where rare words count more, and by meaning the
    // cosine of the two. A passage that stands before another has no lower score than that. So scores of
    // different searches can be compared, and what a threshold leaves are the first ones.
    // Throws Error{not_found} for a store that the owner does not have.
    virtual Task<std::vector<Passage>> search(SearchRequest request) = 0;
    // Whether the owner has anything that a search could find. Never waits.
    virtual bool has_documents(const Owner& owner) const = 0;

    // The file is being removed: it goes from all stores.
    virtual Task<void> forget_file(Owner owner, ArtifactId file) = 0;
    // Files may have gone another way, such as with their conversation. They are looked for soon, and go from
    // all stores. No search gives them, looked for or not. Never waits.
    virtual void look_for_gone_files() = 0;
    // Removes what has expired from the index, and the stores that have been expired since `gone_before`; at
    // most so many. Returns how many there were.
    virtual Task<int> sweep(Timestamp now, Timestamp gone_before, int at_most) = 0;
};

}  // namespace assistd::core
