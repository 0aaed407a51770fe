#include "base/deadline.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

namespace assistd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class DeadlineTest : public testing::Test {
  protected:
    std::function<void()> note(int number) {
        return [this, number] { came.push_back(number); };
    }

    asio::io_context io;
    const Executor strand = asio::make_strand(io);
    std::vector<int> came;
};

TEST_F(DeadlineTest, ComesWhenItsTimeIsOver) {
    const auto began = Clock::now();
    const Deadline deadline(strand, milliseconds(40), note(1));
    io.run();  // ends when nothing is left to wait for
    EXPECT_EQ(came, std::vector<int>{1});
    EXPECT_GE(Clock::now() - began, milliseconds(40));
}

TEST_F(DeadlineTest, ComesBeforeALaterOneThatWasSetFirst) {
    std::optional<Deadline> late(std::in_place, strand, hours(1), note(1));
    const Deadline early(strand, milliseconds(20), [&] {
        came.push_back(2);
        late.reset();
    });
    io.run();
    EXPECT_EQ(came, std::vector<int>{2});
}

TEST_F(DeadlineTest, DoesNotComeWhenItWasCalledOff) {
    { const Deadline deadline(strand, milliseconds(0), note(1)); }
    io.restart();  // it had nothing left to do
    const Deadline other(strand, milliseconds(20), note(2));
    io.run();
    EXPECT_EQ(came, std::vector<int>{2});
}

TEST_F(DeadlineTest, DoesNotComeWhenItWasOnItsWayAndCalledOff) {
    asio::post(strand, [&] {
        std::optional<Deadline> deadline(std::in_place, strand, milliseconds(0), note(1));
        // When the later one comes, the first one waits already until the strand is free.
        const Deadline later(io.get_executor(), milliseconds(1), note(2));
        while (came.empty()) io.run_one();
        deadline.reset();
    });
    io.run();
    EXPECT_EQ(came, std::vector<int>{2});
}

TEST_F(DeadlineTest, GoesWithItsContext) {
    const auto held = std::make_shared<int>(0);
    {
        asio::io_context other;
        Deadline deadline(other.get_executor(), hours(1), [held] {});
        asio::post(other, [dropped = std::move(deadline)] {});
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace assistd
