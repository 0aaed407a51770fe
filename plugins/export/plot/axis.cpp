#include "plot/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace assistd::exporting {
namespace {

constexpr double margin = 0.06;  // of the axis' length, on either side
constexpr int most_labels = 6;   // decades; above, some go without

std::string plain(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

std::string power_of_ten(int exponent) {
    return (exponent < 0 ? "10^{\u2212" : "10^{") + std::to_string(std::abs(exponent)) + "}";
}

// Round numbers of a short stretch of axis, evenly spaced.
std::set<double> even_steps(double low, double high) {
    const double raw = (high - low) / 4;
    const double decade = std::pow(10, std::floor(std::log10(raw)));
    double step = decade;
    for (const double factor : {2.0, 5.0, 10.0})
        if (step < raw) step = factor * decade;
    std::set<double> steps;
    for (double i = std::ceil(low / step); i * step <= high; ++i) steps.insert(i * step);
    return steps;
}

// The values that get a label when there are too few decades.
std::set<double> round_numbers(double low, double high) {
    for (const auto& digits : {std::vector<int>{1, 2, 5}, std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
        std::set<double> found;
        for (int exponent = static_cast<int>(std::floor(std::log10(low))); std::pow(10, exponent) <= high;
             ++exponent)
            for (const int digit : digits)
                if (const double value = digit * std::pow(10, exponent); value >= low && value <= high)
                    found.insert(value);
        if (found.size() >= 3) return found;
    }
    return even_steps(low, high);
}

}  // namespace

double LogAxis::place(double value) const {
    return std::log(value / low) / std::log(high / low);
}

LogAxis log_axis(std::span<const double> values) {
    LogAxis axis;
    if (!values.empty()) {
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        const double room = std::max(std::pow(*most / *least, margin), 1.05);
        axis.low = *least / room;
        axis.high = *most * room;
    }
    const int first = static_cast<int>(std::ceil(std::log10(axis.low)));
    const int last = static_cast<int>(std::floor(std::log10(axis.high)));
    const int every = std::max(1, (last - first) / most_labels + 1);

    std::set<double> labelled;
    if (last - first < 1) labelled = round_numbers(axis.low, axis.high);
    for (const double value : labelled) axis.ticks.push_back({value, plain(value)});
    for (int exponent = first - 1; exponent <= last; ++exponent) {
        for (int digit = 1; digit < 10; ++digit) {
            const double value = digit * std::pow(10, exponent);
            if (value < axis.low || value > axis.high || labelled.contains(value)) continue;
            const bool decade = digit == 1 && labelled.empty() && exponent % every == 0;
            axis.ticks.push_back({value, decade ? power_of_ten(exponent) : ""});
        }
    }
    std::sort(axis.ticks.begin(), axis.ticks.end(),
              [](const Tick& a, const Tick& b) { return a.value < b.value; });
    return axis;
}

}  // namespace assistd::exporting
