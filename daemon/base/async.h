#pragma once
// The few asynchronous things the daemon is written with: a coroutine type, a one-shot result that any thread
// can deliver, and waiting for several coroutines at once.
//
// Cancellation is std::stop_token: thread-safe, one-shot, and passed explicitly to whatever may wait long.
// Coroutines run on the executor they were spawned on (a turn's strand); OneShot resumes them there.
// g++ 12 destroys some temporaries twice inside co_await expressions: build arguments with braces in a named
// variable first, then co_await.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <variant>
#include <vector>

namespace assistd {

namespace asio = boost::asio;

template <class T = void>
using Task = asio::awaitable<T>;
using Executor = asio::any_io_executor;

// A result that one side delivers, once, from any thread, and one coroutine awaits. Copies share the result.
// Delivering twice is ignored (the first wins), so a reply, a time-out and a cancel may race freely.
template <class T = void>
class OneShot {
    using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  public:
    template <class... Args>
    bool set(Args&&... args) const {
        return deliver([&](State& state) { state.value.emplace(std::forward<Args>(args)...); });
    }
    bool fail(std::exception_ptr error) const {
        return deliver([&](State& state) { state.error = std::move(error); });
    }
    bool done() const {
        const std::lock_guard lock(state_->mutex);
        return state_->done;
    }

    // Throws what fail() was given. At most one coroutine may wait.
    Task<T> wait() const {
        const auto state = state_;
        bool ready = false;
        {
            const std::lock_guard lock(state->mutex);
            ready = state->done;
        }
        if (!ready) {
            auto initiate = [state](auto handler) { state->await(std::move(handler)); };
            co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate,
                                                                                 asio::use_awaitable);
        }
        if (state->error) std::rethrow_exception(state->error);
        if constexpr (!std::is_void_v<T>) co_return std::move(*state->value);
    }

  private:
    struct State {
        std::mutex mutex;
        bool done = false;
        std::optional<Value> value;
        std::exception_ptr error;
        std::function<void()> resume;

        template <class Handler>
        void await(Handler handler) {
            auto executor = asio::get_associated_executor(handler);
            // std::function wants copyable targets; the handler is move-only.
            auto shared = std::make_shared<Handler>(std::move(handler));
            auto resume_there = [executor, shared] {
                asio::post(executor, [shared] { std::move (*shared)(); });
            };
            {
                const std::lock_guard lock(mutex);
                if (!done) {
                    resume = std::move(resume_there);
                    return;
                }
            }
            resume_there();
        }
    };

    template <class Fill>
    bool deliver(Fill fill) const {
        std::function<void()> resume;
        {
            const std::lock_guard lock(state_->mutex);
            if (state_->done) return false;
            fill(*state_);
            state_->done = true;
            resume = std::move(state_->resume);
        }
        if (resume) resume();
        return true;
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Runs every task at the same time on the caller's executor and returns their results in the given order. All
// are waited for, also when one throws; then the first exception, in order, is rethrown.
template <class T>
Task<std::vector<T>> when_all(std::vector<Task<T>> tasks) {
    struct Gather {
        std::vector<std::optional<T>> results;
        std::vector<std::exception_ptr> errors;
        std::size_t open = 0;
        OneShot<> finished;
    };
    const auto gather = std::make_shared<Gather>();
    gather->results.resize(tasks.size());
    gather->errors.resize(tasks.size());
    gather->open = tasks.size();
    const Executor executor = co_await asio::this_coro::executor;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        // The executor is a strand (or one thread), so the bookkeeping needs no lock.
        asio::co_spawn(executor, std::move(tasks[i]), [gather, i](std::exception_ptr error, T result) {
            if (error)
                gather->errors[i] = error;
            else
                gather->results[i].emplace(std::move(result));
            if (--gather->open == 0) gather->finished.set();
        });
    }
    if (!tasks.empty()) co_await gather->finished.wait();
    std::vector<T> results;
    results.reserve(tasks.size());
    for (std::size_t i = 0; i < gather->results.size(); ++i) {
        if (gather->errors[i]) std::rethrow_exception(gather->errors[i]);
        results.push_back(std::move(*gather->results[i]));
    }
    co_return results;
}

}  // namespace assistd
