#include "analysis/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "analysis/comparison.h"

namespace assistd::analysis {
namespace {

TEST(Statistics, Summarises) {
    const std::array<double, 8> values{2, 4, 4, 4, 5, 5, 7, 9};
    const Summary summary = summarise(values);
    EXPECT_EQ(summary.count, 8);
    EXPECT_DOUBLE_EQ(summary.min, 2);
    EXPECT_DOUBLE_EQ(summary.max, 9);
    EXPECT_DOUBLE_EQ(summary.mean, 5);
    EXPECT_DOUBLE_EQ(summary.standard_deviation.value(), std::sqrt(32.0 / 7));
    EXPECT_FALSE(summarise(std::array<double, 1>{3}).standard_deviation);
}

TEST(Statistics, Correlates) {
    const std::array<double, 4> x{1, 2, 3, 4};
    EXPECT_DOUBLE_EQ(correlation(x, std::array<double, 4>{10, 20, 30, 40}).value(), 1);
    EXPECT_DOUBLE_EQ(correlation(x, std::array<double, 4>{4, 3, 2, 1}).value(), -1);
    // By hand: covariance 4, squares 5 and 5.
    EXPECT_DOUBLE_EQ(correlation(x, std::array<double, 4>{2, 1, 4, 3}).value(), 0.6);
    EXPECT_FALSE(correlation(x, std::array<double, 4>{7, 7, 7, 7}));
    EXPECT_FALSE(correlation(std::array<double, 2>{1, 2}, std::array<double, 2>{3, 4}));
}

TEST(Statistics, TellTwoDigitsWithoutPowers) {
    EXPECT_EQ(two_digits(0.5273), "0.53");
    EXPECT_EQ(two_digits(9.96), "10");
    EXPECT_EQ(two_digits(0.07), "0.070");
    EXPECT_EQ(two_digits(2), "2.0");
    EXPECT_EQ(two_digits(0), "0");
    EXPECT_EQ(two_digits(108.3), "110");
    EXPECT_EQ(two_digits(23456), "23000");
    EXPECT_EQ(range_text(1.75, 1.8), "1.750 to 1.800");
    EXPECT_EQ(range_text(2, 10.25), "2.000 to 10.25");
    EXPECT_EQ(range_text(100, 1000), "100 to 1000");
}

TEST(Comparison, UsesWhatEachSimulationReports) {
    const Comparison comparison = compare({{{"df", 1.7}, {"rg", 10}, {"kf", 1}},
                                           {{"df", 1.8}, {"rg", 20}, {"kf", 1}},
                                           {{"df", 1.9}, {"rg", 30}}});
    EXPECT_EQ(comparison.summaries.size(), 3u);
    EXPECT_EQ(comparison.summaries.at("kf").count, 2);
    ASSERT_EQ(comparison.correlations.size(), 1u);
    EXPECT_EQ(comparison.correlations[0].first, "df");
    EXPECT_EQ(comparison.correlations[0].second, "rg");
    EXPECT_NEAR(comparison.correlations[0].coefficient, 1, 1e-12);
    ASSERT_EQ(comparison.notes.size(), 1u);
    EXPECT_EQ(comparison.notes[0], "Only 2 of 3 simulations report kf.");
}

}  // namespace
}  // namespace assistd::analysis
