#include "tools/mcp/reconnects.h"

#include <gtest/gtest.h>

namespace assistd::tools::mcp {
namespace {

using namespace std::chrono_literals;
using Clock = Reconnects::Clock;

TEST(Reconnects, TheFirstTimeAtOnceAndThenMoreAndMoreSlowly) {
    Reconnects reconnects;
    const auto now = Clock::now();
    EXPECT_EQ(reconnects.pause(now), 0ms);
    reconnects.failed(false, now);
    EXPECT_EQ(reconnects.pause(now), 0ms);
    auto before = reconnects.pause(now);
    for (int i = 0; i < 5; ++i) {
        reconnects.failed(false, now);
        EXPECT_GT(reconnects.pause(now), before);
        before = reconnects.pause(now);
    }
    for (int i = 0; i < 100; ++i) reconnects.failed(false, now);
    EXPECT_EQ(reconnects.pause(now), 10s);
    EXPECT_EQ(reconnects.pause(now + 4s), 6s);
    EXPECT_EQ(reconnects.pause(now + 1h), 0ms);
    EXPECT_FALSE(reconnects.quarantine(now)) << "nothing crashed";
    reconnects.connected();
    EXPECT_EQ(reconnects.pause(now), 0ms);
}

TEST(Reconnects, WhatKeepsCrashingIsLeftAlone) {
    Reconnects reconnects;
    const auto now = Clock::now();
    for (int i = 0; i < 3; ++i) reconnects.failed(true, now);
    EXPECT_FALSE(reconnects.quarantine(now));
    reconnects.connected();  // says nothing of calls
    reconnects.failed(true, now);
    EXPECT_TRUE(reconnects.quarantine(now));
    reconnects.worked(now - 1s);  // a call that began before says nothing either
    EXPECT_TRUE(reconnects.quarantine(now));
    reconnects.release();
    EXPECT_FALSE(reconnects.quarantine(now));
    EXPECT_EQ(reconnects.pause(now), 0ms);
    for (int i = 0; i < 3; ++i) reconnects.failed(true, now);
    reconnects.worked(now + 1s);
    reconnects.failed(true, now + 2s);
    EXPECT_FALSE(reconnects.quarantine(now + 2s)) << "one that works in between begins anew";
}

}  // namespace
}  // namespace assistd::tools::mcp
