#include "line_fit.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

namespace assistd::analysis {

LineFit fit_line(std::span<const double> x, std::span<const double> y) {
    const std::size_t n = x.size();
    if (n < 3 || y.size() != n)
        throw std::invalid_argument("A line with an error needs three points or more.");
    double mean_x = 0, mean_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
        mean_x += x[i] / static_cast<double>(n);
        mean_y += y[i] / static_cast<double>(n);
    }
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    if (!(xx > 0)) throw std::invalid_argument("A line needs points at more than one x.");

    LineFit fit;
    fit.points = static_cast<int>(n);
    fit.slope = xy / xx;
    fit.intercept = mean_y - fit.slope * mean_x;
    // Summed from the residuals themselves: yy - slope * xy would cancel for a good fit.
    double residual = 0;
    for (std::size_t i = 0; i < n; ++i) residual += std::pow(y[i] - fit.intercept - fit.slope * x[i], 2);
    fit.r_squared = yy > 0 ? 1 - residual / yy : 1;
    const double freedom = static_cast<double>(n) - 2;
    fit.slope_error = std::sqrt(residual / freedom / xx);
    const double t = boost::math::quantile(boost::math::students_t(freedom), 0.975);
    fit.slope_low = fit.slope - t * fit.slope_error;
    fit.slope_high = fit.slope + t * fit.slope_error;
    return fit;
}

}  // namespace assistd::analysis
