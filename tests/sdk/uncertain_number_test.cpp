#include "assistd/uncertain_number.hpp"

#include <gtest/gtest.h>

namespace assistd {
namespace {

TEST(UncertainNumber, HasTwoDigitsOfTheErrorAndTheValueToTheSamePlace) {
    EXPECT_EQ(with_error(1.71993, 0.00346), "1.7199 \u00b1 0.0035");
    EXPECT_EQ(with_error(1.735, 0.1512), "1.74 \u00b1 0.15");
    EXPECT_EQ(with_error(19.78, 3.02), "19.8 \u00b1 3.0");
    EXPECT_EQ(with_error(-0.6012, 0.0131), "-0.601 \u00b1 0.013");
    EXPECT_EQ(with_error(2.5, 0.0996), "2.50 \u00b1 0.10");
    EXPECT_EQ(with_error(1234.5, 12), "1234 \u00b1 12");
    EXPECT_EQ(with_error(1234.5, 123.4), "1230 \u00b1 120");
    EXPECT_EQ(with_error(0.2, 3.0), "0.2 \u00b1 3.0");
    EXPECT_EQ(with_error(-0.001, 0.5), "0.00 \u00b1 0.50");
    EXPECT_EQ(with_error(0, 0.5), "0.00 \u00b1 0.50");
}

TEST(UncertainNumber, SaysThatAnErrorIsNegligible) {
    EXPECT_EQ(with_error(1.78, 4.0e-9), "1.7800 (error below 0.0001)");
    EXPECT_EQ(with_error(1.3, 1.4e-8), "1.3000 (error below 0.0001)");
    EXPECT_EQ(with_error(57.7373, 1e-6), "57.737 (error below 0.001)");
    EXPECT_EQ(with_error(123456, 0.1), "123460 (error below 10)");
    EXPECT_EQ(with_error(1.78, 0.00006), "1.780000 \u00b1 0.000060");
}

TEST(UncertainNumber, HasFourDigitsWithoutAnError) {
    EXPECT_EQ(with_error(1.78, 0), "1.780");
    EXPECT_EQ(with_error(2, 0), "2.000");
    EXPECT_EQ(with_error(17.634, 0), "17.63");
    EXPECT_EQ(with_error(123456, 0), "123456");
    EXPECT_EQ(with_error(0, 0), "0");
    EXPECT_EQ(with_error(1.5, -1), "1.500");
    EXPECT_EQ(with_error(std::nan(""), 1), "\u2013");
}

TEST(UncertainNumber, HasAPowerOfTenWhereItIsVerySmallOrLarge) {
    EXPECT_EQ(with_error(1.677e-7, 0), "1.677e-7");
    EXPECT_EQ(with_error(1.677e-7, 2.5e-9), "(1.677 \u00b1 0.025)e-7");
    EXPECT_EQ(with_error(8.88e-15, 4.1e-15), "(8.9 \u00b1 4.1)e-15");
    EXPECT_EQ(with_error(6.369e15, 0), "6.369e15");
}

}  // namespace
}  // namespace assistd
