#include "analysis/study/trends.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

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

// Rg of tunable clusters with Df 1.8: what grows as a power of N must not be "not seen to depend" on it, as
// the t-test of a straight line through three values says.
TEST(Trends, OfWideRangesAreFittedInTheLogarithm) {
    const Trend power = trend_of_means({50, 500, 5000}, {7.6, 27.3, 98.1});
    EXPECT_EQ(power.law, Law::power);
    EXPECT_NEAR(power.slope, 1 / 1.8, 0.001);
    EXPECT_EQ(power.name, "increasing");
    EXPECT_TRUE(*power.significant);
    EXPECT_NEAR(power.relative_change, (98.1 - 7.6) / (133.0 / 3), 0.01);
    const Trend logarithmic = trend_of_means({0.001, 0.01, 0.1, 1}, {2.1, 2.0, 1.9, 1.8});
    EXPECT_EQ(logarithmic.law, Law::logarithmic);
    EXPECT_NEAR(logarithmic.slope, -0.1 / std::log(10), 1e-9);
    EXPECT_TRUE(*logarithmic.significant);
    // Of what may be negative there is no power, of parameters that may be 0 no logarithm.
    EXPECT_EQ(trend_of_means({1, 10, 100}, {-1, 1, 3}).law, Law::logarithmic);
    EXPECT_EQ(trend_of_means({0, 10, 100}, {1, 2, 3}).law, Law::linear);
    // A narrow range of a parameter on which results depend by ratios.
    const std::vector<Summary> means{{1, 1, 1, 1, {}}, {1, 2, 2, 2, {}}, {1, 4, 4, 4, {}}};
    EXPECT_EQ(trend_of({1, 2, 4}, means).law, Law::linear);
    EXPECT_EQ(trend_of({1, 2, 4}, means, true).law, Law::power);
}

// Errors of the logarithm are relative ones: a slope of 1, of which ln 2 = 0.693 is known to sqrt(2) * 0.01
// / 2.
TEST(Trends, InTheLogarithmHaveTheErrorsOfTheRuns) {
    const Trend trend =
        trend_of({1, 2, 4}, {{4, 1, 1, 1, 0.02}, {4, 2, 2, 2, 0.04}, {4, 4, 4, 4, 0.08}}, true);
    EXPECT_EQ(trend.law, Law::power);
    EXPECT_NEAR(trend.slope, 1, 1e-12);
    EXPECT_NEAR(*trend.slope_error, std::sqrt(2.0) * 0.01 / (2 * std::log(2)), 1e-9);
}

// One run at each value: three or four values prove no absence, five in their order are no chance.
TEST(Trends, OfFewSingleRunsAreNotCalledAbsent) {
    EXPECT_FALSE(trend_of_means({1, 2, 3}, {10, 13, 20}).significant.has_value());
    EXPECT_FALSE(trend_of_means({1, 2, 3, 4}, {1, 2, 9, 10}).significant.value_or(false));
    EXPECT_TRUE(*trend_of_means({1, 2, 3, 4, 5}, {1, 1.01, 1.02, 1.03, 9}).significant);
    EXPECT_FALSE(*trend_of_means({1, 2, 3, 4, 5}, {1, 3, 2, 3, 1}).significant);
}

// With single runs the line's residuals tell the error, from three values on: 1 degree of freedom, 12.7.
TEST(Trends, OfSingleRunsKnowTheirErrorFromTheLine) {
    const Trend trend = trend_of_means({1, 2, 3}, {10, 20, 31});
    EXPECT_NEAR(*trend.slope_error, 0.288675, 1e-6);
    EXPECT_NEAR(*trend.sigma_needed, 12.7062, 1e-4);
    EXPECT_TRUE(*trend.significant);
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

std::vector<StudyRun> grid_of(const std::string& parameter, const Json& values,
                              const std::function<double(const std::string&, double)>& rg) {
    std::vector<StudyRun> runs;
    for (const std::string algorithm : {"dla", "cca"})
        for (const double value : values)
            for (const double scatter : {-1.0, 1.0})
                runs.push_back({{{"algorithm", algorithm}, {parameter, value}, {"seed", scatter}},
                                {{"rg", rg(algorithm, value) + 0.1 * scatter}}});
    return runs;
}

// Within each algorithm Rg rises by 1, of which the 8 runs leave residuals of 0.1 with 8 - 2 - 1 degrees of
// freedom: an error of sqrt(8 * 0.01 / 5 / 2), of which Student's t needs 2.571. Over all algorithms that is
// lost in what they differ by.
TEST(Trends, OfAGridAreThoseWithinEachCombinationOfTheOthers) {
    const auto rg = [](const std::string& algorithm, double s) { return (algorithm == "dla" ? 10 : 20) + s; };
    const std::vector<StudyRun> runs = grid_of("sintering", {0, 1}, rg);
    const Trend within = effect_of("sintering", runs, {"rg"}, {"algorithm"}).trends.at("rg");
    EXPECT_NEAR(within.slope, 1, 1e-12);
    EXPECT_NEAR(*within.slope_error, 0.0894427191, 1e-9);
    EXPECT_NEAR(*within.sigma, 11.1803399, 1e-6);
    EXPECT_NEAR(*within.sigma_needed, 2.570582, 1e-5);
    EXPECT_TRUE(*within.significant);
    EXPECT_EQ(within.blocks, 2);
    EXPECT_EQ(within.within, std::vector<std::string>{"algorithm"});
    EXPECT_NEAR(within.relative_change, 1 / 15.5, 1e-12);
    EXPECT_FALSE(*effect_of("sintering", runs, {"rg"}).trends.at("rg").significant);
    // Nothing is compared with a run of another combination.
    std::vector<StudyRun> apart = runs;
    std::erase_if(apart, [](const StudyRun& run) {
        return (run.parameters.at("algorithm") == "dla") == (run.parameters.at("sintering") == 1);
    });
    EXPECT_TRUE(effect_of("sintering", apart, {"rg"}, {"algorithm"}).trends.empty());
}

TEST(Trends, OfAGridArePowersToo) {
    const auto rg = [](const std::string& algorithm, double n) {
        return (algorithm == "dla" ? 10 : 40) * std::pow(n, 0.5);
    };
    const std::vector<StudyRun> runs = grid_of("n_particles", {100, 300, 1000}, rg);
    const Trend within = effect_of("n_particles", runs, {"rg"}, {"algorithm"}).trends.at("rg");
    EXPECT_EQ(within.law, Law::power);
    EXPECT_NEAR(within.slope, 0.5, 1e-3);
    EXPECT_LT(*within.slope_error, 1e-3);
    EXPECT_TRUE(*within.significant);
    EXPECT_TRUE(within.one_way);
}

// One run at each of 2 x 2 combinations leaves one degree of freedom, which proves no absence.
TEST(Trends, OfAGridOfFewSingleRunsAreNotCalledAbsent) {
    std::vector<StudyRun> runs;
    for (const double n : {1, 2})
        for (const double s : {0, 1})
            runs.push_back({{{"n", n}, {"s", s}}, {{"df", 2 + s * (n == 1 ? 0.1 : 0.2)}}});
    const Trend within = effect_of("s", runs, {"df"}, {"n"}).trends.at("df");
    EXPECT_TRUE(within.sigma.has_value());
    EXPECT_FALSE(within.significant.has_value());
}

}  // namespace
}  // namespace assistd::analysis
