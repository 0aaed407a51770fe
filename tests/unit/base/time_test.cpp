#include "base/time.h"

namespace assistd {
namespace {

TEST(Time, Iso8601GoesThereAndBack) {
    const Timestamp time = from_micros(1'772'366'400'000'042);
    EXPECT_EQ(to_iso8601(time), "2026-03-01T12:00:00.000042Z");
    EXPECT_EQ(parse_iso8601(to_iso8601(time)), time);
    EXPECT_EQ(parse_iso8601(to_iso8601(from_micros(-1))), from_micros(-1));
}

TEST(Time, WhatIsNoTimeIsRefused) {
    for (const char* text : {"", "2026-03-01", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000042Zx"})
        EXPECT_FALSE(parse_iso8601(text)) << text;
}

TEST(Time, DaysGoThereAndBack) {
    const auto day = parse_day("2024-02-29");
    ASSERT_TRUE(day);
    EXPECT_EQ(to_iso8601(*day), "2024-02-29");
    EXPECT_EQ(to_iso8601(Timestamp(*day)), "2024-02-29T00:00:00.000000Z");
    for (const char* text : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01",
                             "2026-01-01 ", "2026/01/01", "-026-01-01", "2026-01-+1"})
        EXPECT_FALSE(parse_day(text)) << text;
}

}  // namespace
}  // namespace assistd
