#include "app/retention.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1h;
constexpr auto pause = 50ms;       // between two removals
constexpr int most_at_once = 200;  // about a millisecond of the writer's time
// Of days that are over; a few are kept for a clock that is set back.
constexpr std::chrono::days counts_kept{7};

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

Task<void> remove_expired_stores(core::Knowledge& knowledge, std::chrono::days kept) {
    constexpr int most = 20;  // each with all its files
    int last = 0;
    do {
        const Timestamp time = now();
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
Task<int> remove_files(core::Files& files) {
    constexpr int most = 20;
    int removed = 0;
    int last = 0;
    do {
        last = co_await files.remove_expired(most);
        removed += last;
        if (last == most) co_await wait(pause);
    } while (last == most);
    if (removed > 0) log::info("files removed that had expired count={}", removed);
    co_return removed;
}

}  // namespace

Task<void> remove_what_is_old(Retention retention) {
    for (;;) {
        try {
            const auto times = retention.times.latest();
            if (times->audit_kept.count() > 0)
                co_await remove_audit(retention.audit, now() - times->audit_kept);
            const auto today = std::chrono::floor<std::chrono::days>(now());
            co_await remove_counts(retention.counts, today - counts_kept);
            co_await remove_expired_stores(retention.knowledge, times->expired_stores_kept);
            int removed = 0;
            for (const auto& [door, kept] : times->threads_kept)
                if (kept.count() > 0)
                    removed += co_await remove_threads(retention.threads, door, now() - kept);
            removed += co_await remove_files(retention.files);
            if (removed > 0) retention.knowledge.look_for_gone_files();
        } catch (const Error& error) {
            log::error("old entries cannot be removed now, and will be in an hour: {}", error.what());
        }
        co_await wait(look_every);
    }
}

}  // namespace assistd::app
