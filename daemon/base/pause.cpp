#include "base/pause.h"

#include <boost/asio/steady_timer.hpp>

namespace assistd {

Task<void> pause(std::chrono::milliseconds time, std::stop_token stop) {
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here, time);
    const OneShot<> over;
    timer.async_wait([over](const boost::system::error_code&) { over.set(); });
    const std::stop_callback on_stop(stop, [over] { over.set(); });
    co_await over.wait();
}

}  // namespace assistd
