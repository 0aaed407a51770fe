#pragma once
// A logarithmic or linear axis: its limits and its ticks. Pure functions and values.

#include <span>
#include <string>
#include <vector>

namespace assistd::exporting {

struct Tick {
    double value = 0;
    std::string label;  // empty for a minor tick
};

struct Axis {
    bool logarithmic = true;
    double low = 1;
    double high = 10;
    std::vector<Tick> ticks;  // all within the limits, in increasing order

    // Where a value lies between the limits, 0..1.
    double place(double value) const;
};

// Room for all the values, which must be greater than 0, and a little more on both sides. Decades are
// labelled as powers of ten; where fewer than two of them show, other round numbers are labelled too.
Axis log_axis(std::span<const double> values);

// Where a linear axis may begin and which numbers it may label.
struct LinearStyle {
    bool from_zero = false;      // begins at 0, for counts; the values must not be negative
    bool whole_numbers = false;  // labels whole numbers only
};
// Room for all the values and a little more; round numbers, about five, are labelled.
Axis linear_axis(std::span<const double> values, const LinearStyle& style);

}  // namespace assistd::exporting
