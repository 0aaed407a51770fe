#include "store/writer.h"

#include <sqlite3.h>

#include "base/error.h"
#include "base/give_way.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/stay_executor.h"
#include "sqlite/busy.h"

namespace assistd::store {
namespace {

// Of usual ones, which are done by then.
constexpr int longest_wait_for_readers_ms = 10;

// Every waiter gets an exception of its own, since each may be looked at on another thread.
std::exception_ptr own_copy(const Error& error) {
    return std::make_exception_ptr(error);
}

int note_log_pages(void* pages, sqlite3* /*db*/, const char* /*schema*/, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

}  // namespace

Writer::Writer(Database db, RecentConversations& recent, Options options)
    : recent_(recent), db_(std::move(db)), options_(options) {
    recent_.watch(db_);
    // The hook takes the place of SQLite's automatic checkpoint, which would run before the acknowledgement.
    sqlite3_wal_hook(db_.handle(), note_log_pages, &log_pages_);
    const MakesFirstThreads first;
    thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    more_.notify_one();
    thread_.join();
}

void Writer::enqueue(std::unique_ptr<Pending> write, Haste haste) {
    const Clock::time_point due =
        haste == Haste::now ? Clock::time_point::min() : Clock::now() + options_.patience;
    bool sleeps = false;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() < options_.queue_limit) {
            queue_.push_back(std::move(write));
            // A patient write behind another one changes nothing that the thread waits for.
            sleeps = waiting_ && due < due_;
            due_ = std::min(due_, due);
        }
    }
    if (write) {
        Error full(ErrorCode::unavailable,
                   "The store is busy: too many writes are waiting. Try again in a moment.");
        full.with_retry_after(std::chrono::seconds(1));
        write->failed(own_copy(full));
    }
    // What the caller does next, such as asking a model, is not to compete with the disk's work.
    if (sleeps) StayHere::afterwards([this] { wake(); });
}

std::size_t Writer::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

void Writer::wake() {
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(waiting_, false)) return;
    }
    more_.notify_one();
}

void Writer::loop() {
    Batch batch;
    while (take(batch)) {
        commit(batch);
        batch.clear();
        checkpoint_when_due();
    }
}

bool Writer::take(Batch& batch) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && Clock::now() < due_) {
        waiting_ = true;
        if (queue_.empty())
            more_.wait(lock);
        else
            more_.wait_until(lock, due_);
    }
    waiting_ = false;
    if (queue_.size() <= options_.most_together) {
        batch.swap(queue_);
        due_ = Clock::time_point::max();
    } else {
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(options_.most_together);
        batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
    }
    return !batch.empty();
}

void Writer::count(const Batch& batch, Clock::time_point began, bool stored) const {
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    options_.meters->committed({batch.size(), stored, spent});
}

void Writer::commit(Batch& batch) {
    const Clock::time_point began = Clock::now();
    try {
        run_batch(batch);
        count(batch, began, true);
    } catch (const Error& error) {
        search_.shrink(0);
        recent_.forget_changed();
        if (db_.in_transaction()) {
            // What a failed rollback leaves is ended by SQLite itself at the next BEGIN or at the next open.
            sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
        count(batch, began, false);
        log::error("writes were not stored count={} reason={}", batch.size(), log::quoted(error.what()));
        const Error lost(ErrorCode::unavailable, error.what());
        for (const auto& write : batch) write->failed(own_copy(lost));
        return;
    }
    recent_.publish();
    // A single waiter goes on right here, as waking another thread takes longer than its next step.
    std::optional<StayHere> here;
    if (batch.size() == 1 && nothing_waits()) here.emplace();
    for (const auto& write : batch) {
        if (write->refused)
            write->failed(std::move(write->refused));
        else
            write->committed();
    }
    if (here) here->run();
}

bool Writer::nothing_waits() {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

void Writer::run_batch(Batch& batch) {
    db_.run("BEGIN IMMEDIATE");
    if (!run_together(batch)) {
        if (db_.in_transaction()) db_.run("ROLLBACK");
        search_.shrink(0);
        db_.run("BEGIN IMMEDIATE");
        for (const auto& write : batch) run_in_savepoint(*write);
    }
    search_.apply(db_);
    recent_.read_changed(db_);
    db_.run("COMMIT");
}

// Savepoints cost a seventh of a write and are hardly ever needed: refusals come before the first change.
// False when one was not so lucky and everything has to be undone.
bool Writer::run_together(Batch& batch) {
    WriteScope scope{db_, search_};
    for (const auto& write : batch) {
        const std::int64_t changes = db_.total_changes();
        const std::size_t searched = search_.size();
        try {
            write->run(scope);
        } catch (...) {
            write->refused = std::current_exception();
            const bool untouched = db_.total_changes() == changes && search_.size() == searched;
            if (!untouched || !db_.in_transaction()) return false;
        }
    }
    return true;
}

void Writer::run_in_savepoint(Pending& write) {
    WriteScope scope{db_, search_};
    const std::size_t before = search_.size();
    write.refused = nullptr;
    db_.run("SAVEPOINT one");
    try {
        write.run(scope);
    } catch (const std::exception& error) {
        write.refused = std::current_exception();
        search_.shrink(before);
        // A full disk or an I/O error ends the transaction for everybody.
        if (!db_.in_transaction()) throw Error(ErrorCode::unavailable, error.what());
        db_.run("ROLLBACK TO one");
    }
    db_.run("RELEASE one");
}

// After the acknowledgement, so that nobody waits for it but those who come now; they gather meanwhile. When
// readers have kept the log from starting over for long, it is insisted on.
void Writer::checkpoint_when_due() {
    if (log_pages_ < checkpointed_pages_) checkpointed_pages_ = 0;
    if (log_pages_ - checkpointed_pages_ < options_.checkpoint_pages) return;
    const bool insist = log_pages_ > 4 * options_.checkpoint_pages;
    const int mode = insist ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    // A backup reads for minutes: it is not waited for.
    sqlite3_busy_timeout(db_.handle(), longest_wait_for_readers_ms);
    const int code = sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, mode, nullptr, nullptr);
    sqlite3_busy_timeout(db_.handle(), sqlite::busy_timeout_ms);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        log::error("checkpoint failed reason={}", log::quoted(sqlite3_errstr(code)));
    checkpointed_pages_ = log_pages_;
}

}  // namespace assistd::store
