#include "app/watchdog.h"

#include <boost/asio/post.hpp>
#include <set>

#include "base/logging.h"

namespace assistd::app {

using namespace std::chrono_literals;

namespace {

constexpr int rounds_in_limit = 4;
constexpr auto between_calls = 250ms;
// A thread that answers waits this long for the others, so that they have to answer too.
constexpr auto together = 2ms;

}  // namespace

// What was seen since the last time that the service manager was told. Shared with what still has to be seen.
struct Watchdog::Round {
    Round(std::size_t pools, std::size_t signs) : seen_threads(pools), seen_signs(signs) {}

    std::mutex mutex;
    std::condition_variable more;
    std::vector<std::set<std::thread::id>> seen_threads;  // by pool
    std::vector<bool> seen_signs;

    void answer(std::size_t pool, std::size_t count) {
        std::unique_lock lock(mutex);
        seen_threads[pool].insert(std::this_thread::get_id());
        more.notify_all();
        more.wait_for(lock, together, [&] { return seen_threads[pool].size() >= count; });
    }
    void saw(std::size_t sign) {
        const std::lock_guard lock(mutex);
        seen_signs[sign] = true;
        more.notify_all();
    }
};

Watchdog::Watchdog(std::chrono::microseconds limit, std::vector<IoThreads> threads,
                   std::vector<SignOfLife> signs, std::function<void()> still_alive)
    : limit_(limit),
      threads_(std::move(threads)),
      signs_(std::move(signs)),
      still_alive_(std::move(still_alive)),
      thread_([this] { loop(); }) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_all();
    thread_.join();
}

void Watchdog::loop() {
    while (true) {
        const auto round = std::make_shared<Round>(threads_.size(), signs_.size());
        for (std::size_t i = 0; i < signs_.size(); ++i) signs_[i].look([round, i] { round->saw(i); });
        if (stopped_before_all_was_seen(round)) return;
        still_alive_();
        if (stopped_within(limit_ / rounds_in_limit)) return;
    }
}

// Several at once, each of which holds its thread for a moment: another thread has to take the next.
void Watchdog::call_threads(const std::shared_ptr<Round>& round) const {
    for (std::size_t pool = 0; pool < threads_.size(); ++pool) {
        const std::size_t count = threads_[pool].count;
        {
            const std::lock_guard lock(round->mutex);
            if (round->seen_threads[pool].size() >= count) continue;
        }
        for (std::size_t i = 0; i < count; ++i)
            boost::asio::post(threads_[pool].io, [round, pool, count] { round->answer(pool, count); });
    }
}

bool Watchdog::stopped_within(std::chrono::microseconds time) {
    std::unique_lock lock(mutex_);
    return stop_.wait_for(lock, time, [this] { return stopping_; });
}

bool Watchdog::stopped_before_all_was_seen(const std::shared_ptr<Round>& round) {
    const auto missing = [&] {
        std::string names;
        for (std::size_t i = 0; i < threads_.size(); ++i)
            if (round->seen_threads[i].size() < threads_[i].count) names += ", " + threads_[i].name;
        for (std::size_t i = 0; i < signs_.size(); ++i)
            if (!round->seen_signs[i]) names += ", " + signs_[i].name;
        return names.empty() ? names : names.substr(2);
    };
    const auto late = std::chrono::steady_clock::now() + limit_ / 2;
    bool told = false;
    while (true) {
        call_threads(round);
        std::unique_lock lock(round->mutex);
        if (round->more.wait_for(lock, between_calls, [&] { return missing().empty(); })) return false;
        const std::string names = missing();
        lock.unlock();
        if (!told && std::chrono::steady_clock::now() >= late) {
            log::error("the watchdog has no answer from: {}; systemd restarts the daemon when that lasts",
                       names);
            told = true;
        }
        if (stopped_within(0us)) return true;
    }
}

}  // namespace assistd::app
