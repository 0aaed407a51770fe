#include "app/retention.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "store/retention.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1h;
constexpr auto pause = 50ms;       // between two removals
constexpr int most_at_once = 200;  // about a millisecond of the writer's time
// Of days that are over; a few are kept for a clock that is set back.
constexpr std::chrono::days counts_kept{7};

// The wall clock, with what is known of it, in the log and in a file.
class WatchedClock {
  public:
    WatchedClock(std::filesystem::path file, ClockMemory memory)
        : file_(std::move(file)), trust_(memory, std::chrono::steady_clock::now()) {}

    bool is_believed() {
        const auto expected = trust_.memory().believed;
        const auto finding = trust_.look(now(), std::chrono::steady_clock::now());
        const bool in_doubt = finding == Finding::doubt_begins || finding == Finding::doubted;
        if (finding == Finding::doubt_begins || (in_doubt && !warned_)) warn(expected);
        warned_ = in_doubt;
        if (finding == Finding::doubt_ends)
            log::info("the clock is believed again; what is old is removed by it time={}", to_iso8601(now()));
        // A doubt that is forgotten would be none after a restart.
        if (finding == Finding::doubt_begins || finding == Finding::doubt_ends) keep();
        return !in_doubt;
    }

    void keep() const {
        const std::string problem = write_clock_memory(file_, trust_.memory());
        if (!problem.empty())
            log::warn(
                "the time cannot be kept in {}, so that after the next start the clock may be doubted and "
                "nothing removed by age for a day: {}",
                file_.string(), problem);
    }

  private:
    using Finding = ClockTrust::Finding;

    static void warn(const std::optional<Timestamp>& expected) {
        // A memory that says nothing, as after a restore, begins in 1970.
        const bool is_known = expected && *expected > Timestamp() + std::chrono::years(1);
        log::warn(
            "The clock says {}, and {}. Nothing is removed by age until assistd has run for a day with this "
            "clock. If it is wrong, set it (timedatectl set-ntp true); if it is right, because assistd did "
            "not "
            "run meanwhile, nothing is to be done.",
            to_iso8601(now()),
            is_known ? "it should be about " + to_iso8601(*expected)
                     : std::string("it is not known when assistd ran last with what is stored here"));
    }

    const std::filesystem::path file_;
    ClockTrust trust_;
    bool warned_ = false;
};

Task<void> wait(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

Task<void> remove_audit(core::AuditLog& audit, Timestamp before) {
    std::int64_t removed = 0;
    int last = 0;
    do {
        last = co_await audit.remove_before(before, most_at_once);
        removed += last;
        if (last == most_at_once) co_await wait(pause);
    } while (last == most_at_once);
    if (removed > 0)
        log::info("entries of the audit log removed count={} older_than={}", removed, to_iso8601(before));
}

Task<void> remove_counts(core::CallCounts& counts, std::chrono::sys_days before) {
    int last = 0;
    do {
        last = co_await counts.remove_before(before, most_at_once);
        if (last == most_at_once) co_await wait(pause);
    } while (last == most_at_once);
}

Task<void> remove_expired_stores(core::Knowledge& knowledge, Timestamp time, std::chrono::days kept) {
    constexpr int most = 20;  // each with all its files
    int last = 0;
    do {
        last = co_await knowledge.sweep(time, time - kept, most);
        if (last == most) co_await wait(pause);
    } while (last == most);
}

// Each goes with all its messages, so few make a piece of work.
// Returns how many there were.
Task<int> remove_threads(core::Threads& threads, std::string door, Timestamp unused_since) {
    constexpr int most = 5;
    int removed = 0;
    int last = 0;
    do {
        last = co_await threads.remove_unused(door, unused_since, most);
        removed += last;
        if (last == most) co_await wait(pause);
    } while (last == most);
    if (removed > 0)
        log::info("unused threads removed door={} count={} unused_since={}", door, removed,
                  to_iso8601(unused_since));
    co_return removed;
}

// Each is a file on the disk too, so fewer make a piece of work.
Task<int> remove_files(core::Files& files, WatchedClock& clock) {
    constexpr int most = 20;
    int removed = 0;
    int last = 0;
    do {
        if (!clock.is_believed()) break;
        last = co_await files.remove_expired(most);
        removed += last;
        if (last == most) co_await wait(pause);
    } while (last == most);
    if (removed > 0) log::info("files removed that had expired count={}", removed);
    co_return removed;
}

// Returns how many there were. `most` make a piece of work.
Task<int> remove_rows(store::Storage& storage, store::OldRows what, Timestamp time, std::chrono::days kept,
                      int most) {
    if (kept.count() == 0) co_return 0;
    const Timestamp before = time - kept;
    int removed = 0;
    int last = 0;
    do {
        last = co_await storage.remove_old(what, before, most);
        removed += last;
        if (last == most) co_await wait(pause);
    } while (last == most);
    if (removed > 0)
        log::info("old ones removed of={} count={} older_than={}", store::name_of(what), removed,
                  to_iso8601(before));
    co_return removed;
}

// Returns how many of them had files.
Task<int> remove_old_rows(store::Storage& storage, RetentionConfig kept, Timestamp time) {
    using enum store::OldRows;
    constexpr std::chrono::days key_lifetime{1};
    co_await remove_rows(storage, idempotency_keys, time, key_lifetime, most_at_once);
    co_await remove_rows(storage, usage, time, kept.usage, most_at_once);
    co_await remove_rows(storage, jobs, time, kept.jobs, most_at_once);
    co_await remove_rows(storage, studies, time, kept.studies, 1);
    int with_files = co_await remove_rows(storage, conversations, time, kept.conversations, 5);
    with_files += co_await remove_rows(storage, artifacts, time, kept.artifacts, 20);
    co_return with_files;
}

// All of it by one time, which was believed.
Task<void> remove_all_that_is_old(Retention retention, WatchedClock& clock, Timestamp time) {
    const auto times = retention.times.latest();
    int removed = co_await remove_files(retention.files, clock);
    if (times->audit_kept.count() > 0) co_await remove_audit(retention.audit, time - times->audit_kept);
    const auto today = std::chrono::floor<std::chrono::days>(time);
    co_await remove_counts(retention.counts, today - counts_kept);
    co_await remove_expired_stores(retention.knowledge, time, times->expired_stores_kept);
    for (const auto& [door, kept] : times->threads_kept)
        if (kept.count() > 0) removed += co_await remove_threads(retention.threads, door, time - kept);
    removed += co_await remove_old_rows(retention.storage, times->rows, time);
    if (removed > 0) retention.knowledge.look_for_gone_files();
}

}  // namespace

Task<ClockMemory> memory_of_clock(std::filesystem::path file, store::Storage& storage) {
    auto memory = read_clock_memory(file);
    if (memory) co_return *memory;
    ClockMemory first;
    first.believed = co_await storage.newest_record();
    co_return first;
}

Task<void> remove_what_is_old(Retention retention) {
    WatchedClock clock(retention.clock_file, retention.clock);
    for (;;) {
        try {
            const Timestamp time = now();
            const bool is_believed = clock.is_believed();
            clock.keep();
            if (is_believed) co_await remove_all_that_is_old(retention, clock, time);
        } catch (const Error& error) {
            log::error("old entries cannot be removed now, and will be in an hour: {}", error.what());
        }
        co_await wait(look_every);
    }
}

}  // namespace assistd::app
