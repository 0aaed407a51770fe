#include "providers/circuit_breaker.h"

#include <gtest/gtest.h>

namespace assistd::providers {
namespace {

using namespace std::chrono_literals;

class CircuitBreakerTest : public testing::Test {
  protected:
    void fail(int times) {
        for (int i = 0; i < times; ++i) breaker.failed(now, std::nullopt);
    }

    CircuitBreaker breaker{{.failures = 3, .pause = 10s}};
    CircuitBreaker::Clock::time_point now = CircuitBreaker::Clock::now();
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARow) {
    fail(2);
    EXPECT_FALSE(breaker.asked(now));
    breaker.succeeded();
    fail(2);
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    fail(1);
    EXPECT_EQ(breaker.state(now), BreakerState::open);
    EXPECT_EQ(breaker.asked(now + 4s), 6s);
}

TEST_F(CircuitBreakerTest, LetsOneThroughAfterThePause) {
    fail(3);
    now += 10s;
    EXPECT_EQ(breaker.state(now), BreakerState::half_open);
    EXPECT_FALSE(breaker.asked(now));
    EXPECT_TRUE(breaker.asked(now));  // the second one waits for how the first one goes
    breaker.succeeded();
    EXPECT_FALSE(breaker.asked(now));
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
}

TEST_F(CircuitBreakerTest, OpensAgainWhenThatOneFails) {
    fail(3);
    now += 10s;
    EXPECT_FALSE(breaker.asked(now));
    fail(1);
    EXPECT_EQ(breaker.asked(now), 10s);
}

TEST_F(CircuitBreakerTest, ACancelledTrialLetsTheNextOneTry) {
    fail(3);
    now += 10s;
    EXPECT_FALSE(breaker.asked(now));
    breaker.unknown();
    EXPECT_FALSE(breaker.asked(now));
}

TEST_F(CircuitBreakerTest, StaysOpenAsLongAsTheServerWants) {
    fail(2);
    breaker.failed(now, 60s);
    EXPECT_EQ(breaker.asked(now), 60s);
}

}  // namespace
}  // namespace assistd::providers
