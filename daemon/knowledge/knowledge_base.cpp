#include "knowledge/knowledge_base.h"

#include "base/error.h"
#include "knowledge/chunk_rows.h"
#include "knowledge/personal_data.h"
#include "knowledge/word_index.h"
#include "sqlite/space.h"

namespace assistd::knowledge {
namespace {

TablesOptions tables_options(const KnowledgeOptions& options) {
    TablesOptions tables;
    tables.file = options.folder / "knowledge.db";
    tables.synchronous_full = options.synchronous_full;
    tables.progress = options.progress;
    tables.was_there = options.was_there;
    return tables;
}

std::unique_ptr<Meanings> meanings_of(asio::io_context& context, Tables& tables, core::Embedder* embedder) {
    if (embedder == nullptr) return nullptr;
    return std::make_unique<Meanings>(context, tables, *embedder);
}

// A store that takes files, which is a use of it.
StoreRow open_store(WriteScope& scope, const core::Owner& owner, VectorStoreId id, Timestamp time) {
    const StoreRow store = find_store(scope.db, owner, id, time);
    if (store.expired)
        throw Error(ErrorCode::conflict, "The vector store has expired. Put the files into a new one.");
    touch_store(scope, store.key, time);
    return store;
}

}  // namespace

KnowledgeBase::KnowledgeBase(asio::io_context& context, const KnowledgeOptions& options,
                             core::Artifacts& artifacts, core::Files& files, ExtractText extract,
                             core::Embedder* embedder)
    : artifacts_(artifacts),
      files_(files),
      tables_(tables_options(options)),
      meanings_(meanings_of(context, tables_, embedder)),
      indexer_(context, {tables_, artifacts, std::move(extract), meanings_.get()}, options.at_once),
      departures_(context, tables_, files, [this](std::span<const Key> gone) { indexer_.cancel(gone); }) {}

void KnowledgeBase::start() {
    indexer_.start();
    departures_.start();
    if (meanings_) meanings_->start();
}

Task<void> KnowledgeBase::stop() {
    co_await departures_.stop();
    co_await indexer_.stop();
    if (meanings_) co_await meanings_->stop();
}

// Looked up first: a file that is not the owner's is refused before anything is written.
Task<std::vector<NewFile>> KnowledgeBase::named(core::Owner owner, std::vector<core::FileToIndex> files) {
    std::vector<NewFile> named;
    named.reserve(files.size());
    for (core::FileToIndex& file : files) {
        const std::string id = file.file.text();
        core::Artifact artifact = co_await artifacts_.find(owner, id);
        named.push_back({std::move(file), std::move(artifact.name)});
    }
    co_return named;
}

Task<core::VectorStore> KnowledgeBase::add_store(core::VectorStore store,
                                                 std::vector<core::FileToIndex> files) {
    const std::vector<NewFile> found = co_await named(store.owner, std::move(files));
    store.id = VectorStoreId::make();
    store.created_at = now();
    auto work = [store, found](WriteScope& scope) {
        const Key key = knowledge::add_store(scope, store);
        const StoreRow row{key, owner_key(scope, store.owner), false};
        for (const NewFile& file : found) put_file(scope, row, file, std::nullopt, store.created_at);
        return read_store(scope.db, store.owner, store.id, store.created_at);
    };
    core::VectorStore added = co_await tables_.write(work);
    indexer_.wake();
    co_return added;
}

Task<core::VectorStore> KnowledgeBase::store(core::Owner owner, VectorStoreId id) {
    return tables_.read(
        [owner = std::move(owner), id](Reader reader) { return read_store(reader.db, owner, id, now()); });
}

Task<core::VectorStore> KnowledgeBase::store_named(core::Owner owner, std::string name) {
    auto find = [owner, name](Reader reader) -> std::optional<core::VectorStore> {
        const auto known = store_by_name(reader.db, owner, name, now());
        if (!known) return std::nullopt;
        return read_store(reader.db, owner, *known, now());
    };
    std::optional<core::VectorStore> found = co_await tables_.read(find);
    if (found) co_return std::move(*found);
    auto work = [owner, name](WriteScope& scope) {
        core::VectorStore store;
        store.created_at = now();
        auto known = store_by_name(scope.db, owner, name, store.created_at);
        if (!known) {
            store.id = VectorStoreId::make();
            store.owner = owner;
            store.name = name;
            knowledge::add_store(scope, store);
            known = store.id;
        }
        return read_store(scope.db, owner, *known, store.created_at);
    };
    co_return co_await tables_.write(work);
}

Task<core::Slice<core::VectorStore>> KnowledgeBase::stores(core::Owner owner,
                                                           core::ListRange<VectorStoreId> range) {
    return tables_.read([owner = std::move(owner), range](Reader reader) {
        return list_stores(reader.db, owner, range, now());
    });
}

Task<core::VectorStore> KnowledgeBase::change_store(core::Owner owner, VectorStoreId id,
                                                    core::VectorStoreChange change) {
    return tables_.write([owner = std::move(owner), id, change = std::move(change)](WriteScope& scope) {
        const Timestamp time = now();
        knowledge::change_store(scope, owner, id, change, time);
        return read_store(scope.db, owner, id, time);
    });
}

Task<void> KnowledgeBase::remove_store(core::Owner owner, VectorStoreId id) {
    auto work = [owner = std::move(owner), id](WriteScope& scope) {
        knowledge::remove_store(scope, find_store(scope.db, owner, id, now()).key);
    };
    co_await tables_.write(work);
    indexer_.wake();
}

Task<core::IndexedFile> KnowledgeBase::add_file(core::Owner owner, VectorStoreId store,
                                                core::FileToIndex file) {
    std::vector<core::FileToIndex> one;
    one.push_back(std::move(file));
    const std::vector<NewFile> found = co_await named(owner, std::move(one));
    auto work = [owner, store, found](WriteScope& scope) {
        const Timestamp time = now();
        put_file(scope, open_store(scope, owner, store, time), found.front(), std::nullopt, time);
        return read_file(scope.db, owner, store, found.front().about.file);
    };
    core::IndexedFile added = co_await tables_.write(work);
    indexer_.wake();
    co_return added;
}

Task<core::IndexedFile> KnowledgeBase::file(core::Owner owner, VectorStoreId store, ArtifactId file) {
    return tables_.read([owner = std::move(owner), store, file](Reader reader) {
        find_store(reader.db, owner, store, now());
        return read_file(reader.db, owner, store, file);
    });
}

Task<core::Slice<core::IndexedFile>> KnowledgeBase::files(core::IndexedFileQuery query) {
    return tables_.read([query = std::move(query)](Reader reader) { return list_files(reader.db, query); });
}

Task<core::IndexedFile> KnowledgeBase::change_attributes(core::Owner owner, VectorStoreId store,
                                                         ArtifactId file, std::string attributes) {
    return tables_.write(
        [owner = std::move(owner), store, file, attributes = std::move(attributes)](WriteScope& scope) {
            const StoreRow row = find_store(scope.db, owner, store, now());
            knowledge::change_attributes(scope, row.key, file, attributes);
            return read_file(scope.db, owner, store, file);
        });
}

Task<void> KnowledgeBase::remove_file(core::Owner owner, VectorStoreId store, ArtifactId file) {
    auto work = [owner = std::move(owner), store, file](WriteScope& scope) {
        const StoreRow row = find_store(scope.db, owner, store, now());
        const Key key = find_file(scope.db, row.key, file);
        knowledge::remove_file(scope, row, file);
        return key;
    };
    const Key key = co_await tables_.write(work);
    indexer_.cancel(std::span(&key, 1));
}

Task<core::ChunkTexts> KnowledgeBase::chunk_texts(core::Owner owner, VectorStoreId store, ArtifactId file,
                                                  int first, int limit) {
    return tables_.read([owner = std::move(owner), store, file, first, limit](Reader reader) {
        const StoreRow row = find_store(reader.db, owner, store, now());
        const core::IndexedFile about = read_file(reader.db, owner, store, file);
        if (about.state != core::IndexState::completed)
            throw Error(ErrorCode::conflict,
                        "The file has no text yet: it is not indexed. Its status tells why.");
        return read_texts(reader.db, find_file(reader.db, row.key, file), first, limit);
    });
}

Task<core::FileBatch> KnowledgeBase::add_batch(core::Owner owner, VectorStoreId store,
                                               std::vector<core::FileToIndex> files) {
    const std::vector<NewFile> found = co_await named(owner, std::move(files));
    const FileBatchId id = FileBatchId::make();
    auto work = [owner, store, id, found](WriteScope& scope) {
        const Timestamp time = now();
        const StoreRow row = open_store(scope, owner, store, time);
        const Key batch = knowledge::add_batch(scope, row.key, id, time);
        for (const NewFile& file : found) put_file(scope, row, file, batch, time);
        return read_batch(scope.db, row, store, id);
    };
    core::FileBatch added = co_await tables_.write(work);
    indexer_.wake();
    co_return added;
}

Task<core::FileBatch> KnowledgeBase::batch(core::Owner owner, VectorStoreId store, FileBatchId id) {
    return tables_.read([owner = std::move(owner), store, id](Reader reader) {
        return read_batch(reader.db, find_store(reader.db, owner, store, now()), store, id);
    });
}

Task<core::FileBatch> KnowledgeBase::cancel_batch(core::Owner owner, VectorStoreId store, FileBatchId id) {
    auto work = [owner = std::move(owner), store, id](WriteScope& scope) {
        const StoreRow row = find_store(scope.db, owner, store, now());
        std::vector<Key> files = knowledge::cancel_batch(scope, row.key, id);
        return std::pair(std::move(files), read_batch(scope.db, row, store, id));
    };
    const auto [files, batch] = co_await tables_.write(work);
    indexer_.cancel(files);
    co_return batch;
}

bool KnowledgeBase::has_documents(const core::Owner& owner) const {
    return tables_.catalogue().has_documents(owner);
}

Task<void> KnowledgeBase::forget_file(core::Owner owner, ArtifactId file) {
    auto work = [owner = std::move(owner), file](WriteScope& scope) {
        return remove_file_everywhere(scope, owner, file);
    };
    const std::vector<Key> files = co_await tables_.write(work);
    indexer_.cancel(files);
}

std::int64_t KnowledgeBase::chunk_count() const {
    return Catalogue::View(tables_.catalogue()).chunks();
}

Task<std::int64_t> KnowledgeBase::files_in_progress() {
    return tables_.read([](Reader reader) {
        Rows rows = reader.db.query("SELECT count(*) FROM files WHERE state = 'in_progress'");
        rows.next();
        return rows.integer(0);
    });
}

std::int64_t KnowledgeBase::vector_count() const {
    return meanings_ ? meanings_->size() : 0;
}

bool KnowledgeBase::has_vectors_to_arrange() const {
    return meanings_ && meanings_->has_to_arrange();
}

Task<std::map<std::string, std::int64_t>> KnowledgeBase::amounts_of(core::Owner owner) {
    return tables_.read([owner = std::move(owner)](Reader reader) {
        std::map<std::string, std::int64_t> amounts;
        for (const sqlite::PersonalTable& table : personal_tables()) {
            const bool stores = table.name == "stores";
            if (!stores && table.name != "files") continue;
            const std::int64_t rows = sqlite::count_personal_rows(reader.db, table, owner);
            if (rows > 0) amounts[stores ? "vector_stores" : "documents"] = rows;
        }
        return amounts;
    });
}

Task<std::int64_t> KnowledgeBase::forget_owner(core::Owner owner) {
    constexpr int at_once = 5;  // each with all its files
    std::int64_t removed = 0;
    int last = 0;
    do {
        auto work = [owner](WriteScope& scope) { return remove_stores_of(scope, owner, at_once); };
        last = co_await tables_.write(work);
        removed += last;
    } while (last > 0);
    indexer_.wake();
    co_return removed;
}

// Beside the indexer, which does the same when it comes to it.
Task<void> KnowledgeBase::wipe_what_is_deleted() {
    while (co_await indexer_.clear()) continue;
    auto words = std::make_shared<sqlite::DeletedWords>(passage_table);
    auto remove = [words](WriteScope& scope) { return words->remove_some(scope.db); };
    while (co_await tables_.write_fast(remove)) continue;
    auto give = [](WriteScope& scope) { return sqlite::give_every_page_back(scope.db, 128); };
    while (co_await tables_.write_fast(give) > 0) continue;
    auto keep = [](WriteScope& /*scope*/) {};
    co_await tables_.write(keep);  // a power cut must not undo it
}

Task<std::int64_t> KnowledgeBase::give_space_back(int pages) {
    auto work = [pages](WriteScope& scope) { return sqlite::give_pages_back(scope.db, pages); };
    co_return co_await tables_.write_fast(work);
}

Task<int> KnowledgeBase::sweep(Timestamp now, Timestamp gone_before, int at_most) {
    auto work = [now, gone_before, at_most](WriteScope& scope) {
        return sweep_stores(scope, now, gone_before, at_most);
    };
    const int swept = co_await tables_.write(work);
    if (swept > 0) indexer_.wake();
    co_return swept;
}

}  // namespace assistd::knowledge
