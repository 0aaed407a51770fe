#include "backup/background.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 8;
constexpr int nice_value = 10;
constexpr auto shortest_work = 2ms;  // that is worth a rest
constexpr auto longest_rest = 100ms;
constexpr int pieces_between_looks = 16;  // at the room that is left

// Best effort at the lowest level: of the idle class nothing would be left on a disk that is never idle.
void step_back() {
    constexpr int of_a_thread = 1, best_effort = 2, class_shift = 13, lowest = 7;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_value);
    ::syscall(SYS_ioprio_set, of_a_thread, 0, best_effort << class_shift | lowest);
}

}  // namespace

Ease::Ease(std::stop_token stop, fs::path folder, std::uint64_t reserve_bytes)
    : stop_(std::move(stop)), folder_(std::move(folder)), reserve_bytes_(reserve_bytes) {}

void Ease::operator()() {
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "It was given up: nobody waits for it.");
    if (++pieces_ % pieces_between_looks == 0) check_room();
    const auto worked = Clock::now() - working_since_;
    if (worked < shortest_work) return;
    std::this_thread::sleep_for(std::min<Clock::duration>(worked, longest_rest));
    working_since_ = Clock::now();
}

// Of a full disk everybody who writes would have to suffer.
void Ease::check_room() const {
    std::error_code unknown;
    const fs::space_info space = fs::space(folder_, unknown);
    if (unknown || space.available > reserve_bytes_) return;
    throw Error(
        ErrorCode::unavailable,
        fmt::format(
            "The disk with {} has no room for this: it has {} MiB left, and store.reserve_mib keeps {} "
            "free. Nothing was kept. For a while it takes as much as the databases and, compressed, all "
            "artifacts.",
            folder_.string(), space.available >> 20, reserve_bytes_ >> 20));
}

Background::Background() : pool_(1, most_waiting) {
    pool_.post([](std::size_t) { step_back(); });
}

Background::~Background() {
    stop_.request_stop();
}

void Background::refuse_more() {
    throw Error(ErrorCode::unavailable, "Other backups, checks and exports wait already. Try again later.")
        .with_retry_after(60s);
}

}  // namespace assistd::backup
