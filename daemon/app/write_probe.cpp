#include "app/write_probe.h"

#include <boost/asio/steady_timer.hpp>

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

constexpr auto while_good = 5s;
constexpr auto while_bad = 1s;  // so that it is soon seen that there is room again
constexpr auto patience = 5s;

Task<void> deliver(store::Storage& storage, OneShot<std::string> result) {
    std::string problem;
    try {
        co_await storage.try_to_write();
    } catch (const std::exception& error) {
        problem = std::string("The store cannot be written to: ") + error.what();
    }
    result.set(std::move(problem));
}

}  // namespace

Task<std::string> WriteProbe::problem() {
    {
        const std::lock_guard lock(mutex_);
        if (trying_ || Clock::now() < next_) co_return problem_;
        trying_ = true;
    }
    std::string found = co_await write();
    const std::lock_guard lock(mutex_);
    trying_ = false;
    next_ = Clock::now() + (found.empty() ? while_good : while_bad);
    problem_ = found;
    co_return found;
}

// A disk that hangs is as bad as one that is full.
Task<std::string> WriteProbe::write() {
    const OneShot<std::string> result;
    const Executor here = co_await asio::this_coro::executor;
    asio::co_spawn(here, deliver(storage_, result), asio::detached);
    asio::steady_timer limit(here, patience);
    limit.async_wait([result](const boost::system::error_code& error) {
        if (!error) result.set("The store has not answered a write for 5 s.");
    });
    std::string problem = co_await result.wait();
    limit.cancel();
    co_return problem;
}

}  // namespace assistd::app
