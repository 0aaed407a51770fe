#pragma once
// What plots and reports compute of lists of numbers. Pure functions and values.

#include <optional>
#include <span>
#include <vector>

namespace assistd::exporting {

struct Spread {
    std::size_t count = 0;
    double mean = 0;
    double deviation = 0;  // of the sample (n - 1); 0 for one value
    double least = 0;
    double most = 0;

    // Of the mean.
    double standard_error() const;
};
// Throws std::invalid_argument when there are no values.
Spread spread_of(std::span<const double> values);

struct Histogram {
    double begin = 0;
    double width = 1;
    std::vector<std::size_t> counts;

    std::size_t bin_of(double value) const;  // the nearest one
    double centre(std::size_t bin) const { return begin + (static_cast<double>(bin) + 0.5) * width; }
};
// Bin width 2 IQR n^(-1/3): D. Freedman and P. Diaconis, Z. Wahrscheinlichkeitstheorie verw. Gebiete 57, 453
// (1981). Where the quartiles coincide, as many bins as Sturges' rule says (1 + log2 n). At most 60 bins. At
// least one value. `scatter`: what the width is taken from when not from the values themselves.
Histogram histogram_of(std::span<const double> values, std::span<const double> scatter = {});

// The least-squares line y = intercept + slope x; none through fewer than two different x.
struct Line {
    double slope = 0;
    double intercept = 0;
    double slope_error = 0;  // 0 for two points
    double r_squared = 0;
    double at(double x) const { return intercept + slope * x; }
};
std::optional<Line> line_through(std::span<const double> x, std::span<const double> y);

}  // namespace assistd::exporting
