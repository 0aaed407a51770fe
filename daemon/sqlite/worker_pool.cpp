#include "sqlite/worker_pool.h"

#include <optional>

#include "base/stay_executor.h"

namespace assistd::sqlite {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_limit)
    : queue_limit_(queue_limit), own_(threads) {
    threads_.reserve(threads);
    for (std::size_t worker = 0; worker < threads; ++worker)
        threads_.emplace_back([this, worker] { loop(worker); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    more_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::post(Work work) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= queue_limit_) return false;
        queue_.push_back(std::move(work));
    }
    more_.notify_one();
    return true;
}

void WorkerPool::post_to_each(Work work) {
    {
        const std::lock_guard lock(mutex_);
        for (std::deque<Work>& own : own_) own.push_back(work);
    }
    more_.notify_all();
}

void WorkerPool::loop(std::size_t worker) {
    std::unique_lock lock(mutex_);
    for (;;) {
        more_.wait(lock, [&] { return stopping_ || !queue_.empty() || !own_[worker].empty(); });
        std::deque<Work>& queue = own_[worker].empty() ? queue_ : own_[worker];
        if (queue.empty()) return;
        const Work work = std::move(queue.front());
        queue.pop_front();
        const bool nothing_waits = queue_.empty();
        lock.unlock();
        {
            // Who gets the result goes on right here, as waking another thread takes longer than a short
            // read.
            std::optional<StayHere> here;
            if (nothing_waits) here.emplace();
            work(worker);
            if (here) here->run();
        }
        lock.lock();
    }
}

}  // namespace assistd::sqlite
