#pragma once
// The documents' database and the threads that use it: one that writes, and a few that read. Writes run in
// the order in which they are asked for, each in a transaction of its own. Owned by KnowledgeBase; write()
// and read() from any thread.

#include <filesystem>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "knowledge/catalogue.h"
#include "sqlite/fts_rank.h"
#include "sqlite/progress.h"
#include "sqlite/readers.h"

namespace assistd::knowledge {

using sqlite::Database;
using sqlite::Rows;

struct TablesOptions {
    std::filesystem::path file;
    bool synchronous_full = true;
    int readers = 2;  // connections, each with a thread
    std::size_t queue_limit = 8'192;
    sqlite::Progress progress = {};  // of an upgrade
    bool was_there = false;          // a database that is missing is lost then, and not new
};

// What a write works with. `work` throws Error to undo itself and be refused.
struct WriteScope {
    Database& db;
    // What follows from the commit: changes of the catalogue, which nobody sees without the other.
    std::vector<std::function<void(Catalogue::Change&)>> afterwards = {};
};

// A connection that reads, with what its function passage_rank() goes by.
struct Reader {
    Database& db;
    sqlite::RankContext& rank;
};

class Tables {
  public:
    // Throws Error{unavailable}, as sqlite::open_database does.
    explicit Tables(const TablesOptions& options);

    const Catalogue& catalogue() const { return catalogue_; }

    // `work(WriteScope&)`; durable when its result is there.
    template <class Work>
    auto write(Work work) -> Task<std::invoke_result_t<Work&, WriteScope&>> {
        return sqlite::result_of(queue(std::move(work), true));
    }
    // The same, but a power cut may undo it unless a durable write has followed.
    template <class Work>
    auto write_fast(Work work) -> Task<std::invoke_result_t<Work&, WriteScope&>> {
        return sqlite::result_of(queue(std::move(work), false));
    }
    // `work(Reader)`, which sees all that was committed before.
    template <class Work>
    auto read(Work work) -> Task<std::invoke_result_t<Work&, Reader>> {
        auto on_thread = [this, work = std::move(work)](std::size_t worker) mutable {
            return work(Reader{connections_[worker].db, *connections_[worker].rank});
        };
        return sqlite::result_of(sqlite::run_on(readers_, std::move(on_thread)));
    }

  private:
    struct Connection {
        std::unique_ptr<sqlite::RankContext> rank;  // outlives the connection
        Database db;
    };

    template <class Work>
    auto queue(Work work, bool durable) -> OneShot<std::invoke_result_t<Work&, WriteScope&>> {
        auto on_thread = [this, durable, work = std::move(work)](std::size_t) mutable {
            using Result = std::invoke_result_t<Work&, WriteScope&>;
            if constexpr (std::is_void_v<Result>) {
                transact(durable, work);
            } else {
                std::optional<Result> result;
                transact(durable, [&](WriteScope& scope) { result.emplace(work(scope)); });
                return std::move(*result);
            }
        };
        return sqlite::run_on(writer_, std::move(on_thread));
    }
    void transact(bool durable, const std::function<void(WriteScope&)>& work);

    const bool synchronous_full_;
    bool durable_ = true;  // what the connection is set to
    Catalogue catalogue_;
    Database db_;
    std::vector<Connection> connections_;  // one per thread; outlive the threads
    sqlite::WorkerPool readers_;
    sqlite::WorkerPool writer_;
};

}  // namespace assistd::knowledge
