#include "app/io_lag.h"

#include <boost/asio/steady_timer.hpp>

namespace assistd::app {

Task<void> IoLag::measure(std::shared_ptr<IoLag> self) {
    constexpr std::chrono::seconds interval{1};
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here);
    for (;;) {
        timer.expires_after(interval);
        const auto due = timer.expiry();
        co_await timer.async_wait(asio::use_awaitable);
        const std::int64_t late = (std::chrono::steady_clock::now() - due).count();
        std::int64_t longest = self->longest_;
        while (late > longest && !self->longest_.compare_exchange_weak(longest, late)) {}
    }
}

std::chrono::nanoseconds IoLag::take() {
    return std::chrono::nanoseconds(longest_.exchange(0));
}

}  // namespace assistd::app
