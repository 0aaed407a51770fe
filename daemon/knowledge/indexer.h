#pragma once
// Indexes files in the background: text, chunks, vectors, rows; and removes the chunks of what is gone. What
// is to be done is in the database, so it is taken up again after a crash, and nothing waits in memory. Owned
// by KnowledgeBase. It works on an executor of its own choice, a strand of the given context; wake() and
// cancel() from any thread.

#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <stop_token>

#include "core/ports.h"
#include "knowledge/extraction.h"
#include "knowledge/file_rows.h"
#include "knowledge/meanings.h"

namespace assistd::knowledge {

// As Extractor::extract() does it.
using ExtractText = std::function<Task<Extraction>(int file, std::string name, std::stop_token stop)>;

class Indexer {
  public:
    struct Parts {
        Tables& tables;
        core::Artifacts& artifacts;
        ExtractText extract;
        Meanings* meanings;  // null: there are no embeddings
    };

    Indexer(asio::io_context& context, Parts parts, std::size_t at_once);

    void start();  // at most once
    // There is something to do, perhaps.
    void wake();
    // These need not be indexed any more, as the database says already.
    void cancel(std::span<const Key> files);
    // Some of the chunks of what is gone, which it also does by itself. False when there are none.
    Task<bool> clear();
    Task<void> stop();  // returns when nothing runs any more; what was not completed stays to be done

  private:
    struct Running {
        IndexJob job;
        std::stop_source stop;
    };
    enum class Turn { oldest, newest };

    Task<void> dispatch();
    Task<bool> begin_waiting();
    Task<bool> close_gap();
    Task<bool> merge_words();
    void spawn(IndexJob job);
    Task<void> index(std::shared_ptr<Running> running);
    Task<void> index_text(std::shared_ptr<Running> running);
    Task<std::size_t> write(std::shared_ptr<Running> running, std::vector<Chunk> chunks, bool& embedded);
    Task<void> fail(Key file, core::IndexError error);
    std::vector<Key> running_keys();

    const asio::strand<asio::io_context::executor_type> strand_;
    const Parts parts_;
    const std::size_t at_once_;
    sqlite::WorkerPool cutters_;

    std::mutex mutex_;
    std::map<Key, std::shared_ptr<Running>> running_;
    bool started_ = false;
    bool stopping_ = false;
    OneShot<> signal_;
    OneShot<> ended_;
    Turn turn_ = Turn::oldest;
    bool gap_closed_ = false;  // of the words, for good
};

}  // namespace assistd::knowledge
