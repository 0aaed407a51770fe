#include "base/trace_context.h"

#include <gtest/gtest.h>

namespace assistd {
namespace {

constexpr const char* good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traceparent, IsReadAndWrittenAgain) {
    const auto trace = read_traceparent(good);
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->trace_id_hex(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(hex_of(trace->parent), "b7ad6b7169203331");
    EXPECT_TRUE(trace->sampled);
    EXPECT_FALSE(trace->random);
    EXPECT_EQ(traceparent_of(*trace, trace->parent), good);
    EXPECT_EQ(traceparent_of(*trace, 0x1), "00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01");
    EXPECT_TRUE(read_traceparent(std::string(" ") + good + "\t"));
}

TEST(Traceparent, HasTheFlagOfARandomId) {
    const auto trace = read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02");
    ASSERT_TRUE(trace);
    EXPECT_FALSE(trace->sampled);
    EXPECT_TRUE(trace->random);
    EXPECT_TRUE(traceparent_of(*trace, 7).ends_with("-02"));
    const TraceContext own = new_trace(true);
    EXPECT_TRUE(traceparent_of(own, 7).ends_with("-03"));
    EXPECT_NE(own.trace_id, new_trace(true).trace_id);
}

TEST(Traceparent, OfALaterVersionIsReadAsFarAsItIsKnown) {
    const std::string later = "cc" + std::string(good).substr(2);
    EXPECT_TRUE(read_traceparent(later));
    EXPECT_TRUE(read_traceparent(later + "-what-comes-then"));
    EXPECT_FALSE(read_traceparent(later + ".what"));
}

// The cases of the W3C's own test suite.
TEST(Traceparent, ThatIsMalformedIsNone) {
    for (const char* text : {"", "00", "-", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                             "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                             "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
                             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
                             "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                             ".0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319.-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319c.b7ad6b7169203331-01",
                             "00 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 01"})
        EXPECT_FALSE(read_traceparent(text)) << text;
}

TEST(Tracestate, IsPassedOnWhenItIsWellFormed) {
    EXPECT_EQ(read_tracestate("foo=1,bar=2"), "foo=1,bar=2");
    EXPECT_EQ(read_tracestate(" foo=1 ,\t, bar=2;a b/c "), "foo=1,bar=2;a b/c");
    EXPECT_EQ(read_tracestate("0tenant@system=1"), "0tenant@system=1");
    for (const char* text : {"foo", "foo=", "=1", "Foo=1", "foo=1,foo=2", "foo=1=2", "a@b@c=1", "foo=\x01"})
        EXPECT_EQ(read_tracestate(text), "") << text;
    std::string many;
    for (int i = 0; i < 33; ++i) many += "k" + std::to_string(i) + "=1,";
    EXPECT_EQ(read_tracestate(many), "");
    EXPECT_EQ(read_tracestate("foo=" + std::string(257, 'a')), "");
}

TEST(Sample, IsAPartOfTheIdsAndTheSameForTheSameId) {
    int kept = 0;
    for (int i = 0; i < 2'000; ++i) {
        const TraceContext trace = new_trace(false);
        EXPECT_TRUE(is_in_sample(trace, 1));
        EXPECT_FALSE(is_in_sample(trace, 0));
        EXPECT_EQ(is_in_sample(trace, 0.25), is_in_sample(trace, 0.25));
        kept += is_in_sample(trace, 0.25);
    }
    EXPECT_GT(kept, 350);
    EXPECT_LT(kept, 650);
}

}  // namespace
}  // namespace assistd
