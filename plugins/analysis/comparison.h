#pragma once
// Compares simulations by what they report of themselves. Pure functions and values.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "statistics.h"

namespace assistd::analysis {

// A number that simulations report: where it stands in their metadata (names joined by '/') and what it is
// called.
struct Metric {
    std::string_view name;
    std::string_view path;
    int power_of_length = 0;    // 2: it is an area
    bool is_correlated = true;  // false: its differences are rounding, or the machine's
    bool follows_size = false;  // true: a mean over clusters of several sizes says nothing
};

inline constexpr std::array<Metric, 15> metrics{{
    {"n_particles", "/n_particles"},
    {"df", "/df"},
    {"kf", "/kf"},
    {"r_squared", "/r_squared"},
    {"rg", "/rg", 1, true, true},
    {"rg_over_a", "/rg_over_a", 0, true, true},
    {"porosity", "/porosity", 0, true, true},
    {"coordination_mean", "/coordination/mean"},
    {"coordination_std", "/coordination/std"},
    {"anisotropy", "/anisotropy"},
    {"asphericity", "/asphericity", 2, true, true},
    {"acylindricity", "/acylindricity", 2, true, true},
    {"largest_overlap", "/largest_overlap", 0, false},
    {"particle_radius", "/particle_radius", 1},
    {"execution_time_s", "/execution_time_s", 0, false, true},
}};

// The values of one simulation; a metric that it does not report is absent.
using MetricValues = std::map<std::string, double, std::less<>>;

struct CorrelatedPair {
    std::string first;
    std::string second;
    double coefficient = 0;
    int simulations = 0;  // that report both
    double p_value = 1;   // the chance that so many unrelated values vary together so much (Student's t)
};

struct Comparison {
    std::map<std::string, Summary> summaries;  // by metric; only metrics that some simulation reports
    std::set<std::string> without_mean;        // those of several sizes, whose mean is not to be told
    std::vector<CorrelatedPair> correlations;  // of metrics that vary, in the order of `metrics`
    std::vector<std::string> notes;            // sentences on what is missing and why
};

// Lengths are to be in one unit. Of simulations of several kinds there are no correlations: two metrics that
// have nothing to do with one another vary together where the kinds differ in both.
Comparison compare(const std::vector<MetricValues>& simulations, bool are_of_one_kind = true);

// Simulations of one kind among several.
struct KindOfSimulations {
    std::string name;
    std::vector<std::string> simulations;  // handles
    Comparison comparison;
};

}  // namespace assistd::analysis
