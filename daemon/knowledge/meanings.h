#pragma once
// The search by meaning: vectors of chunks from a model for embeddings, in the database and, per vector
// store, in memory. What could not be embedded when it was indexed, or was by another model, is embedded
// later. Owned by KnowledgeBase; any thread.

#include <map>
#include <mutex>
#include <shared_mutex>
#include <stop_token>

#include "base/async.h"
#include "core/embedder.h"
#include "knowledge/chunk_rows.h"
#include "knowledge/vector_index.h"

namespace assistd::knowledge {

class Meanings {
  public:
    Meanings(asio::io_context& context, Tables& tables, core::Embedder& embedder);

    // Loads what is in the database, puts it in order and embeds what is not, in the background.
    void start();     // at most once
    void catch_up();  // there is something to be embedded or to be put in order
    Task<void> stop();

    // Of length 1 each. Throws as the embedder does.
    Task<std::vector<Vector>> vectors_of(std::vector<std::string> texts, std::stop_token stop);
    // Of chunks; none when the model cannot be asked at the moment, which is logged.
    Task<std::vector<Vector>> vectors_or_none(std::span<const Chunk> chunks, std::stop_token stop);

    // Their keys are `first`, `first` + 1, …
    void add(Key store, Key first, std::vector<Vector> vectors);
    void remove(std::span<const Key> chunks);
    // The nearest in these stores; `seen` is about how many chunks are.
    std::vector<Scored> nearest(const Vector& vector, std::span<const Key> stores, std::size_t limit,
                                const VectorIndex::Sees& sees, std::size_t seen) const;

    std::int64_t size() const;
    bool has_to_arrange() const;  // vectors that are not in a graph yet, and should be

  private:
    Task<void> work();
    Task<void> forget_other_models();
    Task<void> load();
    Task<bool> embed_one();
    Task<bool> build_some();
    std::shared_ptr<VectorIndex> index_of(Key store, std::size_t dimensions);

    const asio::strand<asio::io_context::executor_type> strand_;
    Tables& tables_;
    core::Embedder& embedder_;

    mutable std::shared_mutex indexes_mutex_;
    std::map<Key, std::shared_ptr<VectorIndex>> indexes_;  // by store
    std::map<Key, Key> stores_;                            // of files that have vectors

    std::mutex mutex_;
    std::size_t dimensions_ = 0;  // 0: not known yet
    bool started_ = false;
    std::stop_source stop_;
    OneShot<> signal_;
    OneShot<> ended_;
    sqlite::WorkerPool builder_{1, 1};
};

}  // namespace assistd::knowledge
