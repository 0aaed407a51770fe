#pragma once
// A measured number with its error as people read it: two significant digits of the error, and the value to
// the same place. Pure functions; of this SDK's other headers it needs none.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace assistd {

// The parts, for those who write them in a way of their own.
struct UncertainNumber {
    std::string value;        // "1.7199", "-1230"
    std::string error;        // "0.0035", "120"; empty when there is none
    bool negligible = false;  // `error` is a bound, one of the value's last place
    int power = 0;     // of ten, by which both are to be multiplied: not 0 for very small and large ones
    int decimals = 0;  // of both
};

namespace detail {

inline std::string fixed_text(double value, int decimals) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    // Rounding leaves no minus before zero.
    if (value < 0 && std::string(text).find_first_of("123456789") == std::string::npos) return text + 1;
    return text;
}

// To that place of ten, which is negative left of the point: -1 for tens.
inline std::string rounded_text(double value, int place) {
    if (place >= 0) return fixed_text(value, place);
    const double unit = std::pow(10, -place);
    return fixed_text(std::round(value / unit) * unit, 0);
}

// The place of the second digit of an error: 3 for 0.012, -1 for 120. Rounding may move it: 0.0996 is 0.10.
inline int place_of_second_digit(double error) {
    const int place = 1 - static_cast<int>(std::floor(std::log10(error)));
    return std::round(error * std::pow(10, place)) >= 100 ? place - 1 : place;
}

inline int power_of(double value) {
    return static_cast<int>(std::floor(std::log10(value)));
}

}  // namespace detail

// Without an error (0, or no number) four significant digits. An error that five digits of the value do not
// show is negligible: what is exact but for rounding would else have ten digits.
inline UncertainNumber uncertain_number(double value, double error) {
    UncertainNumber number;
    const bool has_error = error > 0 && std::isfinite(error);
    const double largest = std::max(std::abs(value), has_error ? error : 0.0);
    if (!std::isfinite(value) || largest == 0) {
        number.value = std::isfinite(value) ? "0" : "\u2013";
        return number;
    }
    if (largest < 1e-4 || largest >= 1e7) number.power = detail::power_of(largest);
    const double mantissa = value / std::pow(10, number.power),
                 uncertain = error / std::pow(10, number.power);
    const int digits_before = value == 0 ? 0 : detail::power_of(std::abs(mantissa));
    const int fifth = 4 - digits_before;
    number.negligible = has_error && value != 0 && uncertain < std::pow(10, -fifth) / 2;
    const int place = number.negligible ? fifth
                      : has_error       ? detail::place_of_second_digit(uncertain)
                                        : 3 - digits_before;
    number.decimals = std::max(place, 0);
    // Without an error all digits before the point are told.
    number.value = detail::rounded_text(mantissa, has_error ? place : number.decimals);
    if (has_error)
        number.error = detail::rounded_text(number.negligible ? std::pow(10, -place) : uncertain, place);
    return number;
}

// "1.7199 ± 0.0035", "1.7800 (error below 0.0001)", "(1.68 ± 0.25)e-07", "1.720".
inline std::string with_error(double value, double error) {
    const UncertainNumber number = uncertain_number(value, error);
    const std::string power = number.power == 0 ? "" : "e" + std::to_string(number.power);
    if (number.error.empty()) return number.value + power;
    if (number.negligible) return number.value + power + " (error below " + number.error + power + ")";
    const std::string both = number.value + " \u00b1 " + number.error;
    return power.empty() ? both : "(" + both + ")" + power;
}

}  // namespace assistd
