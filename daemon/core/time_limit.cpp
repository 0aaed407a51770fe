#include "core/time_limit.h"

#include "base/deadline.h"

namespace assistd::core {

struct TimeLimit::State : std::enable_shared_from_this<State> {
    using Clock = std::chrono::steady_clock;

    State(const Executor& its_strand, std::chrono::milliseconds limit, std::function<void()> then)
        : strand(its_strand), left(limit), over(std::move(then)) {}

    void run() {
        since = Clock::now();
        deadline.emplace(strand, left, [self = weak_from_this()] {
            const auto held = self.lock();
            if (held && held->over) std::exchange(held->over, nullptr)();
        });
    }
    void halt() {
        left = std::max(Clock::duration::zero(), left - (Clock::now() - since));
        deadline.reset();
    }

    const Executor strand;
    std::optional<Deadline> deadline;
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
    state_->deadline.reset();
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
