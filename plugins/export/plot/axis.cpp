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

std::string power_of_ten(int exponent) {
    return (exponent < 0 ? "10^{\u2212" : "10^{") + std::to_string(std::abs(exponent)) + "}";
}

// "200", "0.05", "2×10^{6}".
std::string plain(double value) {
    const int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
    const bool is_long = exponent > 5 || exponent < -3;
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", is_long ? value / std::pow(10, exponent) : value);
    if (!is_long) return text;
    return std::string(text) == "1" ? power_of_ten(exponent)
                                    : text + std::string("\u00d7") + power_of_ten(exponent);
}

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    const bool is_zero = std::string(text).find_first_not_of("0.") == std::string::npos;
    return (value < 0 && !is_zero ? "\u2212" : "") + std::string(text);
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

std::set<double> multiples(double step, double low, double high) {
    std::set<double> found;
    for (double i = std::ceil(low / step - 1e-9); i * step <= high * (1 + 1e-9); ++i) found.insert(i * step);
    return found;
}

// Round numbers of a short stretch of axis, evenly spaced: at least three.
double even_step(double low, double high) {
    for (int parts = 4; parts < 12; ++parts)
        if (const double step = round_step(low, high, parts); multiples(step, low, high).size() > 2)
            return step;
    return round_step(low, high, 12);
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

// The values that get a tick, with a label or without one, where there are too few decades.
struct ShortAxis {
    std::set<double> labelled;
    std::set<double> others;
};
ShortAxis round_numbers(double low, double high) {
    ShortAxis axis;
    if (high / low < 6)
        axis.others = multiples(round_step(low, high, 12), low, high);
    else
        add_multiples(axis.others, {1, 2, 3, 4, 5, 6, 7, 8, 9}, low, high, 0);
    add_multiples(axis.labelled, {1, 2, 5}, low, high, 0);
    if (axis.labelled.size() < 3) add_multiples(axis.labelled, {3, 4, 6, 8}, low, high, nearest_labels);
    if (axis.labelled.size() > 2) return axis;
    const double step = even_step(low, high);
    return {multiples(step, low, high), multiples(step / 5, low, high)};
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

    if (last - first < 1) {
        const auto [labelled, others] = round_numbers(axis.low, axis.high);
        const auto is_free = [&](double value) {  // of labels; sums of steps round
            return std::none_of(labelled.begin(), labelled.end(),
                                [&](double other) { return std::abs(value / other - 1) < 1e-9; });
        };
        for (const double value : labelled) axis.ticks.push_back({value, plain(value)});
        for (const double value : others)
            if (is_free(value)) axis.ticks.push_back({value, ""});
    } else {
        for (int exponent = first - 1; exponent <= last; ++exponent)
            for (int digit = 1; digit < 10; ++digit) {
                const double value = digit * std::pow(10, exponent);
                if (value < axis.low || value > axis.high) continue;
                const bool is_labelled = digit == 1 && exponent % every == 0;
                axis.ticks.push_back({value, is_labelled ? power_of_ten(exponent) : ""});
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
