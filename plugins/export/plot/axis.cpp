#include "plot/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace assistd::exporting {
namespace {

constexpr double margin = 0.06;          // of the axis' length, on either side
constexpr int most_labels = 6;           // decades; above, some go without
constexpr double nearest_labels = 0.12;  // of the axis' length

std::string plain(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    const bool is_zero = std::string(text).find_first_not_of("0.") == std::string::npos;
    return (value < 0 && !is_zero ? "\u2212" : "") + std::string(text);
}

std::string power_of_ten(int exponent) {
    return (exponent < 0 ? "10^{\u2212" : "10^{") + std::to_string(std::abs(exponent)) + "}";
}

// 1, 2 or 5 times a power of ten that parts the stretch in about so many.
double round_step(double low, double high, int parts) {
    const double raw = (high - low) / parts;
    const double decade = std::pow(10, std::floor(std::log10(raw)));
    double step = decade;
    for (const double factor : {2.0, 5.0, 10.0})
        if (step < raw) step = factor * decade;
    return step;
}

// Round numbers of a short stretch of axis, evenly spaced.
std::set<double> even_steps(double low, double high) {
    const double step = round_step(low, high, 4);
    std::set<double> steps;
    for (double i = std::ceil(low / step); i * step <= high; ++i) steps.insert(i * step);
    return steps;
}

// Those of the digits' multiples of powers of ten that are at least `apart` of the axis' length from the ones
// found before.
void add_multiples(std::set<double>& found, const std::vector<int>& digits, double low, double high,
                   double apart) {
    const auto is_free = [&](double value) {
        return std::none_of(found.begin(), found.end(), [&](double other) {
            return std::abs(std::log(value / other)) < apart * std::log(high / low);
        });
    };
    for (int exponent = static_cast<int>(std::floor(std::log10(low))); std::pow(10, exponent) <= high;
         ++exponent)
        for (const int digit : digits)
            if (const double value = digit * std::pow(10, exponent);
                value >= low && value <= high && is_free(value))
                found.insert(value);
}

// The values that get a label when there are too few decades.
std::set<double> round_numbers(double low, double high) {
    std::set<double> found;
    add_multiples(found, {1, 2, 5}, low, high, 0);
    if (found.size() < 3) add_multiples(found, {3, 4, 6, 7, 8, 9}, low, high, nearest_labels);
    return found.size() >= 3 ? found : even_steps(low, high);
}

}  // namespace

double Axis::place(double value) const {
    if (!logarithmic) return (value - low) / (high - low);
    return std::log(value / low) / std::log(high / low);
}

Axis log_axis(std::span<const double> values) {
    Axis axis;
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

Axis linear_axis(std::span<const double> values, const LinearStyle& style) {
    Axis axis{false, 0, 1, {}};
    if (!values.empty()) {
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        // One value alone still gets an axis that shows how large it is.
        const double extent =
            *most > *least ? *most - *least : std::max(std::abs(*most) * 0.1, style.from_zero ? 1.0 : 1e-9);
        axis.low = style.from_zero ? 0 : *least - margin * extent;
        // Room, but none for a number that no count has.
        if (style.whole_numbers && *least > -1) axis.low = std::max(axis.low, -0.9);
        axis.high = *most + margin * (style.from_zero ? std::max(*most, extent) : extent);
    }
    double step = round_step(axis.low, axis.high, style.whole_numbers ? 15 : 5);
    if (style.whole_numbers) step = std::max(1.0, std::round(step));
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
    // Minor ticks stand at a fifth of the step, of steps 2 and 20 at a quarter.
    const double digit = step / std::pow(10, std::floor(std::log10(step) + 1e-9));
    const int parts = style.whole_numbers ? 1 : std::abs(digit - 2) < 1e-6 ? 4 : 5;
    const double minor = step / parts;
    const auto first = static_cast<long long>(std::ceil(axis.low / minor - 1e-9));
    const auto last = static_cast<long long>(std::floor(axis.high / minor + 1e-9));
    for (long long i = first; i <= last; ++i) {
        const double value = std::clamp(static_cast<double>(i) * minor, axis.low, axis.high);
        axis.ticks.push_back({value, i % parts == 0 ? fixed(value, decimals) : ""});
    }
    return axis;
}

}  // namespace assistd::exporting
