#include "base/stay_executor.h"

#include <boost/asio/post.hpp>

namespace assistd {
namespace {

constexpr std::size_t most_steps = 16;

}  // namespace

LanePtr& LaneScope::current() noexcept {
    static thread_local LanePtr innermost;
    return innermost;
}

StayHere*& StayHere::current() {
    static thread_local StayHere* innermost = nullptr;
    return innermost;
}

StayHere::~StayHere() {
    current() = outer_;
    for (auto& step : steps_)
        if (step) hand_over(std::move(step));
    do_the_rest();
}

void StayHere::run() {
    for (std::size_t i = 0; i < steps_.size() && i < most_steps; ++i) {
        const std::unique_ptr<Step> step = std::move(steps_[i]);
        step->run();  // may add steps
    }
    do_the_rest();
}

void StayHere::afterwards(std::function<void()> action) {
    if (StayHere* here = current())
        here->afterwards_.push_back(std::move(action));
    else
        action();
}

void StayHere::do_the_rest() {
    for (const auto& action : afterwards_) action();
    afterwards_.clear();
}

void StayHere::hand_over(std::unique_ptr<Step> step) {
    asio::io_context& io = step->io;
    const LanePtr lane = step->lane;
    if (lane == nullptr) return asio::post(io, [step = std::move(step)] { step->run(); });
    lane->go_on([step = std::shared_ptr<Step>(std::move(step))] { step->run(); });
}

}  // namespace assistd
