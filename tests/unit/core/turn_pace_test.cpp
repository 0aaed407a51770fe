// How long it takes until places become free, at given rates.

#include "core/turn_pace.h"

#include <gtest/gtest.h>

namespace assistd::core {
namespace {

using namespace std::chrono_literals;

class TurnPaceTest : public testing::Test {
  protected:
    // For so long, so many places are taken all the time, and one ends and begins again in every `each`.
    void steady(std::chrono::milliseconds time, std::chrono::milliseconds each, int places) {
        pace_.are_taken(places, now_, memory_);
        for (auto passed = 0ms; passed < time; passed += each) {
            now_ += each;
            pace_.are_taken(places - 1, now_, memory_);
            pace_.are_taken(places, now_, memory_);
        }
    }
    double wait(int places = 1) const { return pace_.until_free(places, now_, memory_).count(); }

    TurnPace pace_;
    TurnPace::Seconds memory_ = 40s;
    TurnPace::Instant now_{1h};
};

TEST_F(TurnPaceTest, AtFirstNothingIsKnownAndThenItIsAsOldAsItIs) {
    EXPECT_EQ(wait(), 0);
    pace_.are_taken(4, now_, memory_);
    EXPECT_EQ(wait(), 0);
    now_ += 2s;
    EXPECT_NEAR(wait(), 1.3, 0.1) << "as likely as not";
    EXPECT_NEAR(wait(3), 5.3, 0.3);
}

TEST_F(TurnPaceTest, ASteadyRateIsFound) {
    steady(200s, 500ms, 8);
    EXPECT_NEAR(wait(), 0.33, 0.02);
    EXPECT_NEAR(wait(20), 9.8, 0.4);
}

// Half of the places are taken, so half as many become free as of all of them.
TEST_F(TurnPaceTest, ItIsTheLengthOfTurnsThatIsFoundNotTheirNumber) {
    steady(200s, 500ms, 4);
    pace_.are_taken(8, now_, memory_);
    EXPECT_NEAR(wait(20), 4.9, 0.2);
}

TEST_F(TurnPaceTest, WhatIsLongAgoIsForgotten) {
    steady(200s, 100ms, 4);
    EXPECT_LT(wait(), 0.11);
    now_ += 30s;
    EXPECT_GT(wait(), 0.12) << "nothing has ended since";
    now_ += 300s;
    EXPECT_GT(wait(), 20);
    steady(200s, 100ms, 4);
    EXPECT_LT(wait(), 0.11);
}

TEST_F(TurnPaceTest, AClockThatStandsStillOrNobodyWaitsIsNoTrouble) {
    steady(10s, 1s, 2);
    pace_.are_taken(0, now_, memory_);
    EXPECT_EQ(wait(5), 0);
    memory_ = 0s;
    pace_.are_taken(2, now_, memory_);
    now_ += 5s;
    EXPECT_EQ(wait(5), 0);
}

}  // namespace
}  // namespace assistd::core
