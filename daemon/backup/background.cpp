#include "backup/background.h"

#include <fmt/format.h>

#include <thread>

#include "base/give_way.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 8;
constexpr int niceness = 10;
constexpr auto shortest_work = 2ms;  // that is worth a rest
constexpr auto longest_rest = 100ms;
constexpr int pieces_between_looks = 16;  // at the room that is left

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
    pool_.post([](std::size_t) {
        be_nice(0, niceness);
        use_disks_last();
    });
}

Background::~Background() {
    stop_.request_stop();
}

void Background::refuse_more() {
    throw Error(ErrorCode::unavailable, "Other backups, checks and exports wait already. Try again later.")
        .with_retry_after(60s);
}

}  // namespace assistd::backup
