#include "plugin_host/limits.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

namespace assistd::plugin_host {
namespace {

// A file that grows a little beyond what a call may keep is seen to have done so.
constexpr rlim_t beyond_quota = 1u << 20;
constexpr std::uint64_t room_for_libraries = 256u << 20;

// The lowest free descriptor: grows with every one that is left open.
int next_descriptor() {
    const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return std::numeric_limits<int>::max() / 2;  // none is left
    ::close(fd);
    return fd;
}

}  // namespace

sandbox::Limits limits_of_loading(const Limits& limits, const OwnProcess& process) {
    sandbox::Limits all;
    all.address_space_bytes = process.address_space_bytes() + room_for_libraries + limits.memory_bytes;
    all.file_bytes = std::max(limits.quotas.artifact_bytes, limits.quotas.scratch_bytes) + beyond_quota;
    return all;
}

CallLimits::CallLimits(const Limits& limits, const OwnProcess& process)
    : process_(process),
      normal_bytes_(process.address_space_bytes()),
      normal_descriptor_(next_descriptor()),
      normal_threads_(process.threads().value_or(1)) {
    if (sandbox::limits_address_space) sandbox::set_limit(RLIMIT_AS, normal_bytes_ + limits.memory_bytes);
}

void CallLimits::begin(std::uint64_t memory_bytes) {
    if (!sandbox::limits_address_space || memory_bytes == memory_bytes_) return;
    memory_bytes_ = memory_bytes;
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, normal_bytes_ + memory_bytes);
    ::setrlimit(RLIMIT_AS, &limit);
}

std::string CallLimits::left_behind(std::size_t held) const {
    constexpr int tolerated_descriptors = 16;
    const int descriptors = next_descriptor() - normal_descriptor_ - static_cast<int>(held);
    if (descriptors > tolerated_descriptors) return "open descriptors";
    if (const int threads = threads_left(); threads > 0)
        return threads == 1 ? "a thread that goes on" : std::to_string(threads) + " threads that go on";
    if (sandbox::limits_address_space && process_.address_space_bytes() > normal_bytes_ + memory_bytes_ / 2)
        return "more than half of the memory that it may have";
    return {};
}

// A thread that was joined is gone a moment later, when it gets a processor once more.
int CallLimits::threads_left() const {
    using namespace std::chrono_literals;
    const auto until = std::chrono::steady_clock::now() + 20ms;
    for (auto pause = 10us;; pause = std::min<std::chrono::microseconds>(pause * 2, 1ms)) {
        const int left = process_.threads().value_or(normal_threads_ + 1) - normal_threads_;
        if (left <= 0 || std::chrono::steady_clock::now() >= until) return std::max(left, 0);
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace assistd::plugin_host
