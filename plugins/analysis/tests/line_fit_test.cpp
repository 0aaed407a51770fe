#include "analysis/line_fit.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace assistd::analysis {
namespace {

// Anscombe's first data set, whose statistics are in every textbook.
TEST(LineFit, AgreesWithAnscombe) {
    const std::array<double, 11> x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
    const std::array<double, 11> y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
    const LineFit fit = fit_line(x, y);
    EXPECT_NEAR(fit.slope, 0.500091, 1e-6);
    EXPECT_NEAR(fit.intercept, 3.000091, 1e-6);
    EXPECT_NEAR(fit.r_squared, 0.666542, 1e-6);
    EXPECT_NEAR(fit.slope_error, 0.117906, 1e-6);
    // Student's t for nine degrees of freedom is 2.262157.
    EXPECT_NEAR(fit.slope_low, 0.500091 - 2.262157 * 0.117906, 1e-5);
    EXPECT_NEAR(fit.slope_high, 0.500091 + 2.262157 * 0.117906, 1e-5);
    EXPECT_EQ(fit.points, 11);
}

TEST(LineFit, IsExactForALine) {
    const std::array<double, 4> x{1, 2, 3, 4}, y{1, 3, 5, 7};
    const LineFit fit = fit_line(x, y);
    EXPECT_DOUBLE_EQ(fit.slope, 2);
    EXPECT_DOUBLE_EQ(fit.intercept, -1);
    EXPECT_DOUBLE_EQ(fit.r_squared, 1);
    EXPECT_NEAR(fit.slope_error, 0, 1e-12);
}

TEST(LineFit, RefusesWhatIsNoLine) {
    const std::array<double, 2> two{1, 2};
    EXPECT_THROW(fit_line(two, two), std::invalid_argument);
    const std::array<double, 3> one_x{1, 1, 1}, y{1, 2, 3};
    EXPECT_THROW(fit_line(one_x, y), std::invalid_argument);
}

}  // namespace
}  // namespace assistd::analysis
