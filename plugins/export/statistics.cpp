#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace assistd::exporting {
namespace {

constexpr std::size_t most_bins = 60;

// Between the two nearest of the sorted values, as NumPy does by default.
double quantile(const std::vector<double>& sorted, double part) {
    const double place = part * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double Spread::standard_error() const {
    return deviation / std::sqrt(static_cast<double>(count));
}

Spread spread_of(std::span<const double> values) {
    if (values.empty()) throw std::invalid_argument("There is no spread of no values.");
    Spread spread;
    spread.count = values.size();
    for (const double value : values) spread.mean += value / static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
    if (values.size() > 1) spread.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    spread.least = *least;
    spread.most = *most;
    return spread;
}

std::size_t Histogram::bin_of(double value) const {
    const auto bin = static_cast<std::size_t>(std::max(0.0, (value - begin) / width));
    return std::min(bin, counts.size() - 1);
}

Histogram histogram_of(std::span<const double> values, std::span<const double> scatter) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    const auto count = static_cast<double>(sorted.size());
    const double range = sorted.back() - sorted.front();
    std::vector<double> spread(scatter.begin(), scatter.end());
    if (spread.empty()) spread = sorted;
    std::sort(spread.begin(), spread.end());
    const double width = 2 * (quantile(spread, 0.75) - quantile(spread, 0.25)) / std::cbrt(count);
    const double wanted = width > 0 ? std::ceil(range / width) : std::ceil(1 + std::log2(count));
    const auto bins = static_cast<std::size_t>(std::clamp(wanted, 1.0, double{most_bins}));

    Histogram histogram;
    histogram.counts.assign(range > 0 ? bins : 1, 0);
    // Equal values stand in the middle of one narrow bin.
    histogram.width =
        range > 0 ? range / static_cast<double>(bins) : std::max(std::abs(sorted.front()) * 0.01, 1e-6);
    histogram.begin = range > 0 ? sorted.front() : sorted.front() - histogram.width / 2;
    for (const double value : sorted) ++histogram.counts[histogram.bin_of(value)];
    return histogram;
}

std::optional<Line> line_through(std::span<const double> x, std::span<const double> y) {
    if (x.size() < 2 || x.size() != y.size()) return std::nullopt;
    const double mean_x = spread_of(x).mean, mean_y = spread_of(y).mean;
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    if (!(xx > 0)) return std::nullopt;
    Line line;
    line.slope = xy / xx;
    line.intercept = mean_y - line.slope * mean_x;
    const double residual = std::max(0.0, yy - line.slope * xy);
    line.r_squared = yy > 0 ? 1 - residual / yy : 1;
    if (x.size() > 2) line.slope_error = std::sqrt(residual / static_cast<double>(x.size() - 2) / xx);
    return line;
}

}  // namespace assistd::exporting
