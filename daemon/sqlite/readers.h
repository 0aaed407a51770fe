#pragma once
// A small pool of read connections, each with a thread. read() may be called from any thread; its work runs
// on one of the pool's and sees everything that was committed before.

#include <filesystem>
#include <type_traits>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "sqlite/database.h"
#include "sqlite/worker_pool.h"

namespace assistd::sqlite {

// Waits for a result; keeps the OneShot, which the coroutine of its wait() refers to.
template <class T>
Task<T> result_of(OneShot<T> shot) {
    co_return co_await shot.wait();
}

// Runs `work()` on a thread of the pool and delivers what it returns or throws.
template <class Work>
auto run_on(WorkerPool& pool, Work work) -> OneShot<std::invoke_result_t<Work&, std::size_t>> {
    using Result = std::invoke_result_t<Work&, std::size_t>;
    const OneShot<Result> shot;
    const bool posted = pool.post([shot, work = std::move(work)](std::size_t worker) mutable {
        try {
            if constexpr (std::is_void_v<Result>) {
                work(worker);
                shot.set();
            } else {
                shot.set(work(worker));
            }
        } catch (...) {
            shot.fail(std::current_exception());
        }
    });
    if (!posted) {
        Error busy(ErrorCode::unavailable,
                   "The store is busy: too many reads are waiting. Try again in a moment.");
        busy.with_retry_after(std::chrono::seconds(1));
        shot.fail(std::make_exception_ptr(busy));
    }
    return shot;
}

class Readers {
  public:
    Readers(const std::filesystem::path& file, int count, std::size_t queue_limit);

    template <class Work>
    auto read(Work work) -> Task<std::invoke_result_t<Work&, Database&>> {
        auto on_thread = [this, work = std::move(work)](std::size_t worker) mutable {
            return work(connections_[worker]);
        };
        return result_of(run_on(pool_, std::move(on_thread)));
    }

    OneShot<> release_memory();  // of the connections' caches; delivered when it is done

  private:
    std::vector<Database> connections_;  // one per thread; outlive the threads
    WorkerPool pool_;
};

}  // namespace assistd::sqlite
