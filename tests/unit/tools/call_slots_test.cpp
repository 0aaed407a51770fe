#include "tools/call_slots.h"

#include <boost/asio/use_future.hpp>

#include "base/error.h"
#include "tools/progress.h"

namespace assistd::tools {
namespace {

bool has_turn(asio::io_context& io, CallSlots::Place& place, std::stop_token stop = {}) {
    io.restart();
    auto granted = asio::co_spawn(io, place.granted(std::move(stop)), asio::use_future);
    io.poll();
    return granted.wait_for(std::chrono::seconds(0)) == std::future_status::ready && granted.get();
}

TEST(CallSlots, GivesSlotsInOrderAndRefusesWhenFull) {
    asio::io_context io;
    const auto slots = std::make_shared<CallSlots>(1, 1);
    std::optional<CallSlots::Place> first(slots->enter());
    EXPECT_TRUE(has_turn(io, *first));
    std::optional<CallSlots::Place> second(slots->enter());
    try {
        slots->enter();
        FAIL() << "a third call was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
        EXPECT_TRUE(error.retry_after());
    }
    auto granted = asio::co_spawn(io, second->granted({}), asio::use_future);
    io.restart();
    io.poll();
    EXPECT_NE(granted.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    first.reset();
    io.restart();
    io.poll();
    EXPECT_TRUE(granted.get());
    second.reset();
    CallSlots::Place third = slots->enter();
    EXPECT_TRUE(has_turn(io, third));
}

TEST(CallSlots, OneThatGivesUpLeavesTheQueue) {
    asio::io_context io;
    const auto slots = std::make_shared<CallSlots>(1, 1);
    std::optional<CallSlots::Place> first(slots->enter());
    std::optional<CallSlots::Place> second(slots->enter());
    std::stop_source stop;
    auto granted = asio::co_spawn(io, second->granted(stop.get_token()), asio::use_future);
    io.poll();
    stop.request_stop();
    io.restart();
    io.poll();
    EXPECT_FALSE(granted.get());
    std::optional<CallSlots::Place> third(slots->enter());  // its position is free again
    second.reset();
    EXPECT_THROW(slots->enter(), Error);  // and it gave back no slot that it did not have
    first.reset();
    EXPECT_TRUE(has_turn(io, *third));
}

TEST(ProgressHub, ReachesItsWatchersUntilTheyGo) {
    asio::io_context io;
    ProgressHub hub;
    std::vector<double> seen;
    {
        const auto watch =
            hub.watch(io.get_executor(), [&](const core::ToolProgress& p) { seen.push_back(p.fraction); });
        hub.report({0.5, "half"});
        hub.report({7, "too much"});
        hub.report({std::nan(""), "no number"});
        io.run();
        hub.report({0.6, "never shown"});
    }
    io.restart();
    io.run();
    EXPECT_THAT(seen, testing::ElementsAre(0.5, 1.0, 0.0));
    EXPECT_EQ(hub.latest().note, "never shown");
}

}  // namespace
}  // namespace assistd::tools
