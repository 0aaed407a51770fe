#pragma once
// A logarithmic axis: its limits and its ticks. Pure functions and values.

#include <span>
#include <string>
#include <vector>

namespace assistd::exporting {

struct Tick {
    double value = 0;
    std::string label;  // empty for a minor tick
};

struct LogAxis {
    double low = 1;
    double high = 10;
    std::vector<Tick> ticks;  // all within the limits, in increasing order

    // Where a value lies between the limits, 0..1.
    double place(double value) const;
};

// Room for all the values, which must be greater than 0, and a little more on both sides. Decades are
// labelled as powers of ten; where fewer than two of them show, other round numbers are labelled too.
LogAxis log_axis(std::span<const double> values);

}  // namespace assistd::exporting
