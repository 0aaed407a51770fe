#include "statistics.h"

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>

namespace assistd::analysis {

std::string two_digits(double value) {
    if (value == 0) return "0";
    char text[64];
    if (std::abs(value) < 99.5 || std::abs(value) >= 1e6 || !std::isfinite(value)) {
        std::snprintf(text, sizeof text, "%#.2g", value);  // with the zeros at the end
        std::string two = text;
        if (two.ends_with('.')) two.pop_back();
        return two;
    }
    const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 1);
    std::snprintf(text, sizeof text, "%.0f", std::round(value / unit) * unit);
    return text;
}
namespace {

// A spread below this fraction of the values' size is rounding.
constexpr double rounding = 1e-12;

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double squares_around(std::span<const double> values, double mean) {
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum;
}

bool varies(std::span<const double> values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return *high - *low > rounding * std::max(std::abs(*low), std::abs(*high));
}

}  // namespace

std::string range_text(double least, double most) {
    const bool counts = least == std::round(least) && most == std::round(most);
    const auto text = [&](double value) {
        return counts ? std::to_string(std::llround(value)) : with_error(value, 0);
    };
    return text(least) + " to " + text(most);
}

Summary summarise(std::span<const double> values) {
    Summary summary;
    summary.count = static_cast<int>(values.size());
    summary.min = *std::min_element(values.begin(), values.end());
    summary.max = *std::max_element(values.begin(), values.end());
    summary.mean = mean_of(values);
    if (summary.count > 1)
        summary.standard_deviation = std::sqrt(squares_around(values, summary.mean) / (summary.count - 1));
    return summary;
}

std::optional<double> Summary::standard_error() const {
    if (!standard_deviation) return std::nullopt;
    return *standard_deviation / std::sqrt(count);
}

std::optional<double> correlation(std::span<const double> x, std::span<const double> y) {
    if (x.size() < 3 || x.size() != y.size() || !varies(x) || !varies(y)) return std::nullopt;
    const double mean_x = mean_of(x), mean_y = mean_of(y);
    double both = 0;
    for (std::size_t i = 0; i < x.size(); ++i) both += (x[i] - mean_x) * (y[i] - mean_y);
    const double value = both / std::sqrt(squares_around(x, mean_x) * squares_around(y, mean_y));
    return std::clamp(value, -1.0, 1.0);
}

}  // namespace assistd::analysis
