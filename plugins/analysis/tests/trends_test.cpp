#include "analysis/study/trends.h"

#include <gtest/gtest.h>

namespace assistd::analysis {
namespace {

TEST(Trends, SaysWhatRisesAndFalls) {
    EXPECT_EQ(trend_of({1, 2, 3}, {10, 11, 12}).name, "increasing");
    EXPECT_EQ(trend_of({1, 2, 3}, {12, 11, 10}).name, "decreasing");
    EXPECT_EQ(trend_of({1, 2, 3}, {10, 10.2, 10.4}).name, "stable");
    // 0.05 is where it begins.
    EXPECT_EQ(trend_of({0, 1}, {0.9751, 1.0249}).name, "stable");
    EXPECT_EQ(trend_of({0, 1}, {0.9749, 1.0251}).name, "increasing");
    EXPECT_NEAR(trend_of({0, 10}, {1, 3}).relative_change, 1, 1e-12);
    EXPECT_NEAR(trend_of({0, 10}, {-1, -3}).relative_change, -1, 1e-12);
    EXPECT_EQ(trend_of({0, 1}, {0, 0}).name, "stable");
}

TEST(Trends, SeesWhatGoesUpAndDown) {
    const Trend trend = trend_of({1, 2, 3}, {10, 20, 10});
    EXPECT_EQ(trend.name, "stable");
    EXPECT_FALSE(trend.one_way);
    EXPECT_TRUE(trend_of({1, 2, 3}, {10, 20, 30}).one_way);
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
