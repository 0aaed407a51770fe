#include "base/stay_executor.h"

#include <boost/asio/post.hpp>

namespace assistd {
namespace {

constexpr std::size_t most_steps = 16;

}  // namespace

StayHere*& StayHere::current() {
    static thread_local StayHere* innermost = nullptr;
    return innermost;
}

StayHere::~StayHere() {
    current() = outer_;
    for (auto& step : steps_)
        if (step) hand_over(std::move(step));
}

void StayHere::run() {
    for (std::size_t i = 0; i < steps_.size() && i < most_steps; ++i) {
        const std::unique_ptr<Step> step = std::move(steps_[i]);
        step->run();  // may add steps
    }
}

void StayHere::hand_over(std::unique_ptr<Step> step) {
    asio::io_context& io = step->io;
    asio::post(io, [step = std::move(step)] { step->run(); });
}

}  // namespace assistd
