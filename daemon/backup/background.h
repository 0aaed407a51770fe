#pragma once
// A thread for long work that nobody's turn is to wait for: the system gives it what others leave of the
// processors and the disk, and between two pieces of work it rests. Owned by DataCare; run() from any thread.

#include <filesystem>
#include <functional>
#include <stop_token>

#include "base/async.h"
#include "base/error.h"
#include "sqlite/worker_pool.h"

namespace assistd::backup {

// What is asked between two pieces of work: whether to go on, and a rest as long as the work before it was.
class Ease {
  public:
    // Of the disk with `folder`, `reserve_bytes` are left free.
    Ease(std::stop_token stop, std::filesystem::path folder, std::uint64_t reserve_bytes);
    // Throws Error{cancelled} when it is to stop and Error{unavailable} when the disk is full.
    void operator()();

  private:
    using Clock = std::chrono::steady_clock;
    void check_room() const;

    std::stop_token stop_;
    std::filesystem::path folder_;
    std::uint64_t reserve_bytes_;
    Clock::time_point working_since_ = Clock::now();
    int pieces_ = 0;
};

class Background {
  public:
    Background();
    ~Background();  // what waits is given up, what runs is asked to stop and waited for

    // Runs `work(std::stop_token)` when what came before has ended. Throws Error{unavailable} when too much
    // waits.
    template <class Work>
    auto run(std::stop_token stop, Work work) -> Task<std::invoke_result_t<Work&, std::stop_token>> {
        using Result = std::invoke_result_t<Work&, std::stop_token>;
        const OneShot<Result> shot;
        const bool queued = pool_.post([this, shot, stop, work = std::move(work)](std::size_t) mutable {
            std::stop_source source;
            const std::stop_callback by_caller(stop, [&source] { source.request_stop(); });
            const std::stop_callback by_us(stop_.get_token(), [&source] { source.request_stop(); });
            try {
                if (source.stop_requested())
                    throw Error(ErrorCode::cancelled, "It was given up before it began.");
                shot.set(work(source.get_token()));
            } catch (...) {
                shot.fail(std::current_exception());
            }
        });
        if (!queued) refuse_more();
        return result_of(shot);
    }

  private:
    template <class T>
    static Task<T> result_of(OneShot<T> shot) {
        co_return co_await shot.wait();
    }
    [[noreturn]] static void refuse_more();

    std::stop_source stop_;
    sqlite::WorkerPool pool_;
};

}  // namespace assistd::backup
