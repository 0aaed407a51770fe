#include "core/time_limit.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace assistd::core {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class TimeLimitTest : public testing::Test {
  protected:
    void run_for(milliseconds time) {
        io.restart();
        io.run_for(time);
    }
    asio::io_context io;
    int over = 0;
    TimeLimit limit{io.get_executor(), milliseconds(40), [this] { ++over; }};
};

TEST_F(TimeLimitTest, IsOverOnce) {
    const auto began = Clock::now();
    run_for(std::chrono::seconds(10));  // ends by itself when nothing is left to wait for
    EXPECT_EQ(over, 1);
    EXPECT_GE(Clock::now() - began, milliseconds(40));
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(5));
    const TimeLimit::Pause pause(limit);
}

TEST_F(TimeLimitTest, StandsStillWhileAnyPauseLives) {
    std::optional<TimeLimit::Pause> one(std::in_place, limit);
    std::optional<TimeLimit::Pause> other(std::in_place, limit);
    run_for(milliseconds(60));
    one.reset();
    run_for(milliseconds(60));
    EXPECT_EQ(over, 0);
    other.reset();
    run_for(std::chrono::seconds(10));
    EXPECT_EQ(over, 1);
}

TEST(TimeLimit, IsForgottenWithItsTurn) {
    asio::io_context io;
    int over = 0;
    {
        TimeLimit limit(io.get_executor(), milliseconds(0), [&] { ++over; });
        EXPECT_EQ(over, 0);
    }
    io.run();
    EXPECT_EQ(over, 0);
}

}  // namespace
}  // namespace assistd::core
