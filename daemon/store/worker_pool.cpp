#include "store/worker_pool.h"

namespace assistd::store {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
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

void WorkerPool::loop(std::size_t worker) {
    std::unique_lock lock(mutex_);
    for (;;) {
        more_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const Work work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work(worker);
        lock.lock();
    }
}

}  // namespace assistd::store
