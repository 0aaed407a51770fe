#include "app/upkeep.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 20s;
constexpr auto pause = 20ms;       // between two pieces
constexpr int pages_at_once = 64;  // about a millisecond of the writer's time

Task<void> wait(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

// Until there is no more, or a turn begins. `owner` is a Storage or a KnowledgeBase.
template <class Owner>
Task<void> give_back(Owner& owner, const core::TurnService& turns, std::uint64_t activity) {
    std::int64_t left = 1;
    while (left > 0 && turns.activity() == activity) {
        left = co_await owner.give_space_back(pages_at_once);
        co_await wait(pause);
    }
}

}  // namespace

Task<void> give_space_back_when_idle(Upkeep upkeep) {
    std::uint64_t seen = 0;
    for (;;) {
        co_await wait(look_every);
        const std::uint64_t activity = upkeep.turns.activity();
        if (std::exchange(seen, activity) != activity || upkeep.turns.running() > 0) continue;
        try {
            co_await give_back(upkeep.storage, upkeep.turns, activity);
            co_await give_back(upkeep.knowledge, upkeep.turns, activity);
        } catch (const Error& error) {
            log::error("space cannot be given back now: {}", error.what());
        }
    }
}

}  // namespace assistd::app
