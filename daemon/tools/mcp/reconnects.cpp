#include "tools/mcp/reconnects.h"

#include <algorithm>

namespace assistd::tools::mcp {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_pause = 250ms;
constexpr std::chrono::milliseconds longest_pause = 10s;

}  // namespace

void Reconnects::failed(bool by_crash, Clock::time_point now) {
    if (by_crash) crashes_.crashed(now);
    ++failures_;
    last_ = now;
}

void Reconnects::worked(Clock::time_point begun) {
    crashes_.worked(begun);
    if (begun >= last_) failures_ = 0;
}

void Reconnects::connected() {
    if (crashes_.in_a_row() == 0) failures_ = 0;
}

void Reconnects::release() {
    *this = Reconnects();
}

std::chrono::milliseconds Reconnects::pause(Clock::time_point now) const {
    if (failures_ < 2) return 0ms;
    const std::chrono::milliseconds whole =
        std::min(first_pause * (1 << std::min(failures_ - 2, 12)), longest_pause);
    const auto passed = std::chrono::floor<std::chrono::milliseconds>(now - last_);
    return std::max(whole - passed, 0ms);
}

}  // namespace assistd::tools::mcp
