#pragma once
// What a parametric study's runs say of each parameter that was varied: the mean and the standard deviation
// of each metric at each value, over all runs with that value whatever the other parameters were, and whether
// the metric rises or falls with the parameter. Pure functions and values.
//
// Trend. A straight line is fitted to the means against the values; against their logarithms when the values
// are positive and span a factor of `wide` or more, or are of a parameter on which results depend by ratios
// (n_particles, volume_fraction, the probabilities), and then to the logarithms of the means, a power law,
// when that fits better. The line's change over the whole range, as a part of the size of the mean of the
// means, is the relative change. Below 0.05 in size the metric is stable; otherwise it is increasing or
// decreasing. Values that are no numbers have no trend.
//
// Significance. The slope is a weighted sum of the means, so its standard error follows from theirs when
// every value has two runs or more; the degrees of freedom are those of Welch and Satterthwaite. A trend is
// significant when the slope is as many of its errors as Student's t needs for 95 %, and at least two. With
// single runs the error is that of the line's residuals, from three values on. They may scatter or leave the
// line: so a trend is then significant by the ranks too, when the means go one way from value to value over
// five values or more (the chance of that is at most 2/5!), and with fewer than five values it is never
// called insignificant, but not known. (The runs' own df_stderr are no errors of theirs: they are those of a
// regression through dependent points, and clusters differ by far more.)
//
// With several parameters varied a trend is one within each combination of the others (study/blocks.h).

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assistd/failure.hpp"
#include "statistics.h"

namespace assistd::analysis {

inline constexpr double stable_below = 0.05;
inline constexpr double least_sigma = 2;
inline constexpr double wide = 20;

// One completed run.
struct StudyRun {
    Json parameters;
    Json metrics;
};

enum class Law {
    linear,       // y = A + slope x
    logarithmic,  // y = A + slope ln x
    power         // y = A x^slope
};
std::string name_of(Law law);

struct Trend {
    std::string name;  // increasing, decreasing or stable
    Law law = Law::linear;
    double relative_change = 0;
    double slope = 0;
    std::optional<double> slope_error;   // standard error
    std::optional<double> sigma;         // |slope| in its errors; nothing without an error or when it is 0
    std::optional<double> sigma_needed;  // to be significant
    std::optional<bool> significant;     // nothing: not known
    bool one_way = true;                 // false: the means go up and down by more than stable_below
    std::vector<std::string> within;     // the other parameters; their combinations are the blocks
    int blocks = 0;                      // that were fitted; 0 of one parameter
};

struct ValueGroup {
    Json value;
    int runs = 0;
    std::map<std::string, Summary> metrics;
};

struct ParameterEffect {
    std::string name;
    std::vector<ValueGroup> values;  // numbers in their order, else in the order in which they appear
    std::map<std::string, Trend> trends;
};

// The effect of `parameter` on `metrics`; its trends are those within each combination of the `others` that
// were varied.
ParameterEffect effect_of(const std::string& parameter, const std::vector<StudyRun>& runs,
                          const std::vector<std::string>& metrics,
                          const std::vector<std::string>& others = {});

// The trend of a metric over rising values; two or more. `by_ratios`: of a parameter on which results depend
// so.
Trend trend_of(const std::vector<double>& values, const std::vector<Summary>& metric, bool by_ratios = false);

// How far a slope may be off, and the degrees of freedom of that estimate.
struct SlopeError {
    double value = 0;
    double freedom = 0;
};

// What all trends have in common. `range` is that of x, `size` what a change of y is compared with.
bool is_told_in_logarithm(const std::string& parameter, const std::vector<double>& rising_values);
void judge_slope(Trend& trend, SlopeError error, double range, double size);
void tell_change(Trend& trend, double change, const std::vector<double>& means, double mean);

}  // namespace assistd::analysis
