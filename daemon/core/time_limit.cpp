#include "core/time_limit.h"

#include <boost/asio/steady_timer.hpp>

namespace assistd::core {

struct TimeLimit::State : std::enable_shared_from_this<State> {
    using Clock = std::chrono::steady_clock;

    State(const Executor& strand, std::chrono::milliseconds limit, std::function<void()> then)
        : timer(strand), left(limit), over(std::move(then)) {}

    void run() {
        since = Clock::now();
        timer.expires_after(left);
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            // One that was on its way when the pause began does not count; it comes again.
            if (!error && self->pauses == 0 && self->over) std::exchange(self->over, nullptr)();
        });
    }
    void halt() {
        left = std::max(Clock::duration::zero(), left - (Clock::now() - since));
        timer.cancel();
    }

    asio::steady_timer timer;
    Clock::duration left;
    Clock::time_point since;
    int pauses = 0;
    std::function<void()> over;  // empty once it was called or is no longer wanted
};

TimeLimit::TimeLimit(const Executor& strand, std::chrono::milliseconds limit, std::function<void()> over)
    : state_(std::make_shared<State>(strand, limit, std::move(over))) {
    state_->run();
}

TimeLimit::~TimeLimit() {
    state_->over = nullptr;
    state_->timer.cancel();
}

std::chrono::steady_clock::time_point TimeLimit::end() const {
    return state_->since + state_->left;
}

TimeLimit::Pause::Pause(TimeLimit& limit) : state_(limit.state_) {
    if (state_->pauses++ == 0) state_->halt();
}

TimeLimit::Pause::~Pause() {
    if (--state_->pauses == 0 && state_->over) state_->run();
}

}  // namespace assistd::core
