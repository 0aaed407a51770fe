#pragma once
// A straight line through points by least squares, with what is known about its slope. Pure functions.

#include <span>

namespace assistd::analysis {

struct LineFit {
    double slope = 0;
    double intercept = 0;
    double r_squared = 0;    // 1 when all y are equal and the line goes through them
    double slope_error = 0;  // standard error
    double slope_low = 0;    // 95 % interval by Student's t with n - 2 degrees of freedom
    double slope_high = 0;
    int points = 0;
};

// Needs at least three points, not all at one x; throws std::invalid_argument otherwise.
LineFit fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace assistd::analysis
