#include "tools/direct_calls.h"

#include "base/deadline.h"
#include "base/error.h"

namespace assistd::tools {

// For the answers of calls that were cut.
constexpr std::chrono::milliseconds last_words{500};

DirectCalls::Place DirectCalls::enter() {
    const std::lock_guard lock(mutex_);
    if (closed_)
        throw Error(ErrorCode::unavailable, "The daemon is shutting down.")
            .with_retry_after(std::chrono::seconds(1));
    ++waiting_;
    return Place(*this);
}

void DirectCalls::leave() {
    const std::lock_guard lock(mutex_);
    if (--waiting_ == 0 && closed_) all_left_.set();
}

Task<void> DirectCalls::close(std::chrono::steady_clock::time_point until, std::function<void()> cut) {
    const Executor here = co_await asio::this_coro::executor;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        if (waiting_ == 0) co_return;
    }
    const auto grace = std::max(until - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
    const Deadline patience(here, grace, std::move(cut));
    const Deadline end(here, grace + last_words, [all_left = all_left_] { all_left.set(); });
    co_await all_left_.wait();
}

}  // namespace assistd::tools
