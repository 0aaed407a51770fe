#pragma once
// A few threads with one bounded queue, for work that blocks. post() may be called from any thread.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assistd::sqlite {

class WorkerPool {
  public:
    using Work =
        std::function<void(std::size_t worker)>;  // given the number of its thread, from 0; must not throw

    WorkerPool(std::size_t threads, std::size_t queue_limit);
    ~WorkerPool();  // does what is queued first

    bool post(Work work);          // false when the queue is full
    void post_to_each(Work work);  // each thread does it once, before what is queued

  private:
    void loop(std::size_t worker);

    const std::size_t queue_limit_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Work> queue_;
    std::vector<std::deque<Work>> own_;  // what only this thread may do
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace assistd::sqlite
