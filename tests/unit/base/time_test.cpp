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

}  // namespace
}  // namespace assistd
