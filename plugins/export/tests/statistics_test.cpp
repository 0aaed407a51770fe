#include "statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace assistd::exporting {
namespace {

TEST(Statistics, SpreadIsThatOfASample) {
    const Spread spread = spread_of(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
    EXPECT_DOUBLE_EQ(spread.mean, 5);
    EXPECT_DOUBLE_EQ(spread.deviation, std::sqrt(32.0 / 7));
    EXPECT_DOUBLE_EQ(spread.standard_error(), std::sqrt(32.0 / 7 / 8));
    EXPECT_EQ(spread_of(std::vector<double>{3}).deviation, 0);
    EXPECT_THROW(spread_of({}), std::invalid_argument);
}

// numpy.histogram_bin_edges(range(1, 101), bins="fd") has a bin width of 19.8, for a rule of 21.33.
TEST(Statistics, BinsAreOfTheFreedmanDiaconisWidth) {
    std::vector<double> values(100);
    std::iota(values.begin(), values.end(), 1);
    const Histogram histogram = histogram_of(values);
    EXPECT_EQ(histogram.counts, (std::vector<std::size_t>{20, 20, 20, 20, 20}));
    EXPECT_NEAR(histogram.width, 19.8, 1e-9);
    EXPECT_NEAR(histogram.centre(0), 10.9, 1e-9);
}

TEST(Statistics, HistogramsHoldEveryValueWhateverTheyAre) {
    for (const auto& values : {std::vector<double>{1}, {2, 2, 2}, {1, 1, 1, 1, 9}, {-1e9, 0, 1e-9, 1e9}}) {
        const Histogram histogram = histogram_of(values);
        EXPECT_EQ(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::size_t{0}),
                  values.size());
        EXPECT_GT(histogram.width, 0);
        EXPECT_LE(histogram.counts.size(), 60u);
    }
}

TEST(Statistics, LinesHaveTheErrorOfTheirSlope) {
    const std::vector<double> x{1, 2, 3, 4}, y{1, 3, 2, 4};
    const auto line = line_through(x, y);
    ASSERT_TRUE(line);
    EXPECT_DOUBLE_EQ(line->slope, 0.8);
    EXPECT_DOUBLE_EQ(line->intercept, 0.5);
    EXPECT_NEAR(line->slope_error, std::sqrt(1.8 / 2 / 5), 1e-12);
    EXPECT_NEAR(line->r_squared, 0.64, 1e-12);
    EXPECT_FALSE(line_through(std::vector<double>{1, 1}, std::vector<double>{1, 2}));
    EXPECT_FALSE(line_through(std::vector<double>{1}, std::vector<double>{1}));
}

}  // namespace
}  // namespace assistd::exporting
