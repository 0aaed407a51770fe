#pragma once
// What the literature says of the fractal dimension that an algorithm should grow. Constants and pure
// functions.

#include <optional>
#include <string>
#include <vector>

#include "material.h"
#include "report/text.h"

namespace assistd::exporting {

struct Expectation {
    double df = 0;
    double tolerance = 0;
    std::string model;  // "DLA in three dimensions"
    std::vector<std::string> citations;
    double from_n = 0;  // the value is that of clusters of at least so many particles; 0: of any
};
// None for an algorithm, or parameters of it, for which no value is known.
std::optional<Expectation> expectation_of(const Json& metadata);

// Why the cluster cannot be judged by that value, as a sentence; empty when it can.
std::string why_no_verdict(const Json& metadata, const Expectation& expected);

// From cluster to cluster Df scatters by so much (plugins/simulation/README.md).
inline constexpr double scatter = 0.06;

// How the algorithm works, in a sentence with citations; empty for one that is not known.
Text method_of(const std::string& algorithm);

}  // namespace assistd::exporting
