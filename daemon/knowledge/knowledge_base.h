#pragma once
// core::Knowledge on a database of its own, knowledge.db in the state folder, so that indexing never delays
// what conversations write. Owned by app/; any thread. start() once there are threads, stop() before they
// end.

#include <filesystem>
#include <memory>

#include "core/knowledge.h"
#include "core/ports.h"
#include "knowledge/departures.h"
#include "knowledge/indexer.h"
#include "knowledge/meanings.h"
#include "knowledge/store_rows.h"
#include "knowledge/word_search.h"
#include "sqlite/progress.h"

namespace assistd::knowledge {

struct KnowledgeOptions {
    std::filesystem::path folder;  // the state folder
    bool synchronous_full = true;
    std::size_t at_once = 2;         // files that are indexed at the same time
    sqlite::Progress progress = {};  // of an upgrade of the database
    bool was_there = false;          // somebody has uploaded files: a database that is missing is lost
};

class KnowledgeBase : public core::Knowledge {
  public:
    // `embedder` may be null: then there is no search by meaning. Throws Error{unavailable} when the database
    // cannot be used.
    KnowledgeBase(asio::io_context& context, const KnowledgeOptions& options, core::Artifacts& artifacts,
                  core::Files& files, ExtractText extract, core::Embedder* embedder);

    void start();
    Task<void> stop();
    // Removes all that a user has here, the name included. Returns how many vector stores there were.
    Task<std::int64_t> forget_owner(core::Owner owner);
    // How many vector stores and documents a user has here; nothing of which there is none.
    Task<std::map<std::string, std::int64_t>> amounts_of(core::Owner owner);
    // What files and stores that are gone leave in the index: their chunks, words, pages.
    Task<void> wipe_what_is_deleted();
    // As Storage::give_space_back.
    Task<std::int64_t> give_space_back(int pages);
    // For those who measure.
    std::int64_t chunk_count() const;
    std::int64_t vector_count() const;  // that are in memory
    bool has_vectors_to_arrange() const;
    Task<std::int64_t> files_in_progress();

    Task<core::VectorStore> add_store(core::VectorStore store, std::vector<core::FileToIndex> files) override;
    Task<core::VectorStore> store(core::Owner owner, VectorStoreId id) override;
    Task<core::VectorStore> store_named(core::Owner owner, std::string name) override;
    Task<core::Slice<core::VectorStore>> stores(core::Owner owner,
                                                core::ListRange<VectorStoreId> range) override;
    Task<core::VectorStore> change_store(core::Owner owner, VectorStoreId id,
                                         core::VectorStoreChange change) override;
    Task<void> remove_store(core::Owner owner, VectorStoreId id) override;

    Task<core::IndexedFile> add_file(core::Owner owner, VectorStoreId store, core::FileToIndex file) override;
    Task<core::IndexedFile> file(core::Owner owner, VectorStoreId store, ArtifactId file) override;
    Task<core::Slice<core::IndexedFile>> files(core::IndexedFileQuery query) override;
    Task<core::IndexedFile> change_attributes(core::Owner owner, VectorStoreId store, ArtifactId file,
                                              std::string attributes) override;
    Task<void> remove_file(core::Owner owner, VectorStoreId store, ArtifactId file) override;
    Task<core::ChunkTexts> chunk_texts(core::Owner owner, VectorStoreId store, ArtifactId file, int first,
                                       int limit) override;

    Task<core::FileBatch> add_batch(core::Owner owner, VectorStoreId store,
                                    std::vector<core::FileToIndex> files) override;
    Task<core::FileBatch> batch(core::Owner owner, VectorStoreId store, FileBatchId id) override;
    Task<core::FileBatch> cancel_batch(core::Owner owner, VectorStoreId store, FileBatchId id) override;

    Task<std::vector<core::Passage>> search(core::SearchRequest request) override;
    bool has_documents(const core::Owner& owner) const override;

    Task<void> forget_file(core::Owner owner, ArtifactId file) override;
    void look_for_gone_files() override { departures_.look(); }
    Task<int> sweep(Timestamp now, Timestamp gone_before, int at_most) override;

  private:
    Task<std::vector<NewFile>> named(core::Owner owner, std::vector<core::FileToIndex> files);
    struct Search;
    std::vector<core::Passage> search_now(Reader reader, const Search& search);
    Task<std::vector<Vector>> vectors_of(const core::SearchRequest& request);
    Task<void> note_use(core::SearchRequest request);

    core::Artifacts& artifacts_;
    core::Files& files_;
    Tables tables_;
    WordSearch words_;
    std::unique_ptr<Meanings> meanings_;
    Indexer indexer_;
    Departures departures_;
};

}  // namespace assistd::knowledge
