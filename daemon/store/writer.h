#pragma once
// The one thread that writes. It takes everything that has queued up, runs it in one transaction, commits,
// and only then acknowledges all of it: while one commit waits for the disk, the next one gathers (group
// commit).
//
// Writes run in the order in which submit() was called. One that fails is undone and fails alone: when it had
// changed something already, all of them are undone and run again, each with a savepoint, so a write's work
// may run twice. When the commit itself fails, all of its writes fail.
//
// A patient write is one that nobody waits for: it is committed with the next other one, or with all patient
// ones that have gathered since the first of them came. submit() and submit_patiently() may be called from
// any thread.

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/async.h"
#include "core/meters.h"
#include "store/database.h"
#include "store/recent_conversations.h"
#include "store/search.h"

namespace assistd::store {

// What a write works with. Its `work` throws Error to undo itself and be refused.
struct WriteScope {
    Database& db;
    SearchChanges& search;
};

class Writer {
  public:
    struct Options {
        std::size_t queue_limit = 8'192;
        std::size_t most_together = SIZE_MAX;  // writes in one commit
        // A commit that leaves this many pages in the log is followed by a checkpoint.
        int checkpoint_pages = 4'000;
        std::chrono::milliseconds patience{50};  // the longest that a patient write waits for others
        std::shared_ptr<core::Meters> meters = std::make_shared<core::Meters>();  // never null
    };

    Writer(Database db, RecentConversations& recent, Options options);
    ~Writer();  // commits what is queued first

    // Queues `work(WriteScope&)` now. Its result is delivered after the commit; Error{unavailable} when the
    // queue is full or the commit failed.
    template <class Work>
    auto submit(Work work) -> OneShot<std::invoke_result_t<Work&, WriteScope&>> {
        return queue(std::move(work), Haste::now);
    }
    // The same, but committed up to `patience` later.
    template <class Work>
    auto submit_patiently(Work work) -> OneShot<std::invoke_result_t<Work&, WriteScope&>> {
        return queue(std::move(work), Haste::patient);
    }

    std::size_t waiting() const;  // writes that are queued

  private:
    using Clock = std::chrono::steady_clock;
    enum class Haste { now, patient };

    class Pending {
      public:
        virtual ~Pending() = default;
        virtual void run(WriteScope& scope) = 0;
        virtual void committed() = 0;
        virtual void failed(std::exception_ptr error) = 0;

        std::exception_ptr refused;  // by its own work
    };

    template <class Work>
    class Queued : public Pending {
        using Result = std::invoke_result_t<Work&, WriteScope&>;
        static constexpr bool is_void = std::is_void_v<Result>;

      public:
        explicit Queued(Work work) : work_(std::move(work)) {}
        const OneShot<Result>& done() const { return done_; }

        void run(WriteScope& scope) override {
            if constexpr (is_void)
                work_(scope);
            else
                result_.emplace(work_(scope));
        }
        void committed() override {
            if constexpr (is_void)
                done_.set();
            else
                done_.set(std::move(*result_));
        }
        void failed(std::exception_ptr error) override { done_.fail(std::move(error)); }

      private:
        Work work_;
        OneShot<Result> done_;
        std::optional<std::conditional_t<is_void, std::monostate, Result>> result_;
    };

    using Batch = std::vector<std::unique_ptr<Pending>>;

    template <class Work>
    auto queue(Work work, Haste haste) -> OneShot<std::invoke_result_t<Work&, WriteScope&>> {
        auto write = std::make_unique<Queued<Work>>(std::move(work));
        const auto done = write->done();
        enqueue(std::move(write), haste);
        return done;
    }
    void enqueue(std::unique_ptr<Pending> write, Haste haste);
    void wake();
    void loop();
    bool take(Batch& batch);  // waits; false when there will be nothing more
    void commit(Batch& batch);
    void count(const Batch& batch, Clock::time_point began, bool stored) const;
    bool nothing_waits();
    void run_batch(Batch& batch);
    bool run_together(Batch& batch);
    void run_in_savepoint(Pending& write);
    void checkpoint_when_due();

    RecentConversations& recent_;
    Database db_;
    const Options options_;
    SearchChanges search_;
    int log_pages_ = 0;           // in the write-ahead log after the last commit
    int checkpointed_pages_ = 0;  // how many there were at the last checkpoint

    mutable std::mutex mutex_;
    std::condition_variable more_;
    Batch queue_;
    // When the queue is to be committed at the latest. Later than now while only patient writes are in it.
    Clock::time_point due_ = Clock::time_point::max();
    bool waiting_ = false;  // the thread sleeps and must be woken
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace assistd::store
