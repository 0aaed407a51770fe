#pragma once
// Summaries of small samples. Pure functions; a number that does not exist (the correlation with a constant)
// is nothing, never a NaN.

#include <optional>
#include <span>
#include <string>

namespace assistd::analysis {

// What is known of a spread or an error: "0.53", "110".
std::string two_digits(double value);

// "1.700 to 1.852": both with four digits, also where the last ones are zeros; of whole numbers, which are
// counts, "100 to 1000".
std::string range_text(double least, double most);

struct Summary {
    int count = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    std::optional<double> standard_deviation;  // of the sample (n - 1); nothing for a single value

    std::optional<double> standard_error() const;  // of the mean
};

// Needs at least one value.
Summary summarise(std::span<const double> values);

// Pearson's coefficient. Nothing for fewer than three pairs, where it would say +1 or -1 of anything, and
// when one of the two does not vary.
std::optional<double> correlation(std::span<const double> x, std::span<const double> y);

}  // namespace assistd::analysis
