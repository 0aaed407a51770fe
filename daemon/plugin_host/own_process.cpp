#include "plugin_host/own_process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace assistd::plugin_host {
namespace {

UniqueFd open_own(const char* path, int flags) {
    return UniqueFd(::open(path, flags | O_CLOEXEC));
}

// What fits is enough: what is looked for stands in the first lines.
template <std::size_t size>
bool read_beginning(const UniqueFd& file, std::array<char, size>& text) {
    return ::pread(file.get(), text.data(), text.size() - 1, 0) > 0;
}

}  // namespace

OwnProcess::OwnProcess()
    : size_(open_own("/proc/self/statm", O_RDONLY)),
      status_(open_own("/proc/self/status", O_RDONLY)),
      forget_peak_(open_own("/proc/self/clear_refs", O_WRONLY)),
      threads_(open_own("/proc/self/task", O_PATH | O_DIRECTORY)) {}

std::uint64_t OwnProcess::cpu_us() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(used.tv_nsec) / 1'000;
}

std::uint64_t OwnProcess::address_space_bytes() const {
    std::array<char, 64> text{};
    if (!read_beginning(size_, text)) return 0;
    return std::strtoull(text.data(), nullptr, 10) * 4'096;
}

std::uint64_t OwnProcess::peak_memory_bytes() const {
    constexpr const char* label = "\nVmHWM:";
    std::array<char, 1'024> text{};
    if (!forget_peak_ || !read_beginning(status_, text)) return 0;
    const char* found = std::strstr(text.data(), label);
    return found ? std::strtoull(found + std::strlen(label), nullptr, 10) << 10 : 0;
}

void OwnProcess::forget_peak() const {
    constexpr char the_peak = '5';
    [[maybe_unused]] const ssize_t written = ::write(forget_peak_.get(), &the_peak, 1);
}

// The folder has a link from each thread's, beside its own two.
std::optional<int> OwnProcess::threads() const {
    struct stat folder {};
    if (::fstat(threads_.get(), &folder) != 0) return std::nullopt;
    return static_cast<int>(folder.st_nlink) - 2;
}

}  // namespace assistd::plugin_host
