#include "analysis/study/trends.h"

#include <gtest/gtest.h>

namespace assistd::analysis {
namespace {

// One run at each value.
Trend trend_of_means(const std::vector<double>& values, const std::vector<double>& means) {
    std::vector<Summary> metric;
    for (const double mean : means) metric.push_back({1, mean, mean, mean, {}});
    return trend_of(values, metric);
}

TEST(Trends, SaysWhatRisesAndFalls) {
    EXPECT_EQ(trend_of_means({1, 2, 3}, {10, 11, 12}).name, "increasing");
    EXPECT_EQ(trend_of_means({1, 2, 3}, {12, 11, 10}).name, "decreasing");
    EXPECT_EQ(trend_of_means({1, 2, 3}, {10, 10.2, 10.4}).name, "stable");
    // 0.05 is where it begins.
    EXPECT_EQ(trend_of_means({0, 1}, {0.9751, 1.0249}).name, "stable");
    EXPECT_EQ(trend_of_means({0, 1}, {0.9749, 1.0251}).name, "increasing");
    EXPECT_NEAR(trend_of_means({0, 10}, {1, 3}).relative_change, 1, 1e-12);
    EXPECT_NEAR(trend_of_means({0, 10}, {-1, -3}).relative_change, -1, 1e-12);
    EXPECT_EQ(trend_of_means({0, 1}, {0, 0}).name, "stable");
}

TEST(Trends, SeesWhatGoesUpAndDown) {
    const Trend trend = trend_of_means({1, 2, 3}, {10, 20, 10});
    EXPECT_EQ(trend.name, "stable");
    EXPECT_FALSE(trend.one_way);
    EXPECT_TRUE(trend_of_means({1, 2, 3}, {10, 20, 30}).one_way);
}

// Two values with four runs each: a slope of 1 whose error is sqrt(2) * std / 2, with 6 degrees of freedom
// (Student's t 2.447).
TEST(Trends, AreSignificantOrWithinTheirError) {
    const auto with_spread = [](double deviation) {
        return trend_of({0, 1}, {{4, 0, 0, 10, deviation}, {4, 0, 0, 11, deviation}});
    };
    const Trend clear = with_spread(0.2);
    EXPECT_NEAR(*clear.slope_error, 0.1414213562, 1e-9);
    EXPECT_NEAR(*clear.sigma, 7.0710678, 1e-6);
    EXPECT_NEAR(*clear.sigma_needed, 2.446912, 1e-5);
    EXPECT_TRUE(*clear.significant);
    const Trend vague = with_spread(0.6);
    EXPECT_NEAR(*vague.sigma, 2.357, 1e-3);
    EXPECT_FALSE(*vague.significant);
    EXPECT_EQ(vague.name, "increasing");
    // Many runs need two errors at least.
    const Trend many = trend_of({0, 1}, {{10'000, 0, 0, 10, 1.0}, {10'000, 0, 0, 11, 1.0}});
    EXPECT_EQ(*many.sigma_needed, least_sigma);
    // Nothing scatters: what changes at all is significant, what does not is not.
    const Trend exact = trend_of({0, 1}, {{2, 0, 0, 10, 0.0}, {2, 0, 0, 11, 0.0}});
    EXPECT_TRUE(*exact.significant);
    EXPECT_FALSE(exact.sigma);
    // Neither does what differs by rounding alone.
    const Trend rounded = trend_of({0, 1}, {{2, 0, 0, 10, 1e-15}, {2, 0, 0, 11, 1e-15}});
    EXPECT_TRUE(*rounded.significant);
    EXPECT_FALSE(rounded.sigma);
    EXPECT_FALSE(*trend_of({0, 1}, {{2, 0, 0, 10, 0.0}, {2, 0, 0, 10, 0.0}}).significant);
}

// With single runs the line's residuals tell the error, from three values on: 1 degree of freedom, 12.7.
TEST(Trends, OfSingleRunsKnowTheirErrorFromTheLine) {
    const Trend trend = trend_of_means({1, 2, 3}, {10, 20, 31});
    EXPECT_NEAR(*trend.slope_error, 0.288675, 1e-6);
    EXPECT_NEAR(*trend.sigma_needed, 12.7062, 1e-4);
    EXPECT_TRUE(*trend.significant);
    EXPECT_FALSE(*trend_of_means({1, 2, 3}, {10, 13, 11}).significant);
    const Trend two = trend_of_means({1, 2}, {10, 20});
    EXPECT_FALSE(two.slope_error || two.sigma || two.significant);
}

TEST(Trends, GroupsRunsByValue) {
    const std::vector<StudyRun> runs{{{{"n", 100}, {"p", 1}}, {{"df", 2.0}, {"rg", 5}}},
                                     {{{"n", 20}, {"p", 1}}, {{"df", 1.8}}},
                                     {{{"n", 20}, {"p", 2}}, {{"df", 2.0}, {"rg", nullptr}}},
                                     {{{"other", 3}}, {{"df", 9}}}};
    const ParameterEffect effect = effect_of("n", runs, {"df", "rg"});
    ASSERT_EQ(effect.values.size(), 2u);
    EXPECT_EQ(effect.values[0].value, 20);
    EXPECT_EQ(effect.values[0].runs, 2);
    EXPECT_DOUBLE_EQ(effect.values[0].metrics.at("df").mean, 1.9);
    EXPECT_FALSE(effect.values[0].metrics.contains("rg"));
    EXPECT_EQ(effect.trends.at("df").name, "increasing");
    EXPECT_FALSE(effect.trends.contains("rg"));  // one value only
}

TEST(Trends, TextsHaveNone) {
    const ParameterEffect effect = effect_of(
        "packing", {{{{"packing", "HC"}}, {{"df", 2}}}, {{{"packing", "CS"}}, {{"df", 3}}}}, {"df"});
    EXPECT_EQ(effect.values.size(), 2u);
    EXPECT_EQ(effect.values[0].value, "HC");
    EXPECT_TRUE(effect.trends.empty());
}

}  // namespace
}  // namespace assistd::analysis
