#include "plugin_host/limits.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A sanitizer reserves terabytes of address space, so that limit cannot be set; and signals must end the
// process as they would end the real host.
constexpr bool limits_address_space = false;
extern "C" const char* __asan_default_options() {
    return "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:detect_leaks=0:"
           "use_sigaltstack=0";
}
extern "C" const char* __tsan_default_options() {
    return "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:use_sigaltstack=0";
}
#else
constexpr bool limits_address_space = true;
#endif

namespace assistd::plugin_host {
namespace {

constexpr rlim_t max_open_files = 256;
// A file that grows a little beyond what a call may keep is seen to have done so.
constexpr rlim_t beyond_quota = 1u << 20;
constexpr rlim_t max_processes = 4'096;  // counts every thread of the daemon's user
constexpr std::uint64_t room_for_libraries = 256u << 20;

void set_limit(__rlimit_resource resource, rlim_t value) {
    rlimit limit{};
    ::getrlimit(resource, &limit);
    limit.rlim_max = std::min(limit.rlim_max, value);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(resource, &limit);
}

// The lowest free descriptor: grows with every one that is left open.
int next_descriptor() {
    const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return static_cast<int>(max_open_files);  // none is left
    ::close(fd);
    return fd;
}

}  // namespace

void set_limits(const Limits& limits, const OwnProcess& process) {
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, max_open_files);
    set_limit(RLIMIT_FSIZE,
              std::max(limits.quotas.artifact_bytes, limits.quotas.scratch_bytes) + beyond_quota);
    set_limit(RLIMIT_NPROC, max_processes);
    if (limits_address_space)
        set_limit(RLIMIT_AS, process.address_space_bytes() + room_for_libraries + limits.memory_bytes);
}

CallLimits::CallLimits(const Limits& limits, const OwnProcess& process)
    : process_(process),
      normal_bytes_(process.address_space_bytes()),
      normal_descriptor_(next_descriptor()),
      normal_threads_(process.threads().value_or(1)) {
    if (limits_address_space) set_limit(RLIMIT_AS, normal_bytes_ + limits.memory_bytes);
}

void CallLimits::begin(std::uint64_t memory_bytes) {
    if (!limits_address_space || memory_bytes == memory_bytes_) return;
    memory_bytes_ = memory_bytes;
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, normal_bytes_ + memory_bytes);
    ::setrlimit(RLIMIT_AS, &limit);
}

bool CallLimits::worn_out(std::size_t held) const {
    constexpr int tolerated_descriptors = 16;
    if (next_descriptor() > normal_descriptor_ + tolerated_descriptors + static_cast<int>(held)) return true;
    if (has_more_threads()) return true;
    return limits_address_space && process_.address_space_bytes() > normal_bytes_ + memory_bytes_ / 2;
}

// A thread that was joined is gone a moment later, when it gets a processor once more.
bool CallLimits::has_more_threads() const {
    using namespace std::chrono_literals;
    const auto until = std::chrono::steady_clock::now() + 20ms;
    for (auto pause = 10us;; pause = std::min<std::chrono::microseconds>(pause * 2, 1ms)) {
        const std::optional<int> now = process_.threads();
        if (!now) return true;
        if (*now <= normal_threads_) return false;
        if (std::chrono::steady_clock::now() >= until) return true;
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace assistd::plugin_host
