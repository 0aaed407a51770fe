#pragma once
// An io_context with two threads, as the daemon has it, and a way to run coroutines on it from a test.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>
#include <vector>

#include "base/async.h"

namespace assistd::test {

class IoThreads {
  public:
    IoThreads() {
        for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io.run(); });
    }
    ~IoThreads() {
        work_.reset();
        io.stop();
        for (std::thread& thread : threads_) thread.join();
    }

    template <class T>
    std::future<T> start(Task<T> task) {
        return asio::co_spawn(asio::make_strand(io), std::move(task), asio::use_future);
    }
    template <class T>
    T run(Task<T> task) {
        return start(std::move(task)).get();
    }

    asio::io_context io{2};

  private:
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io);
    std::vector<std::thread> threads_;
};

}  // namespace assistd::test
