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
    // The value is that of clusters of at least so many particles: the simulation plugin's own means are
    // within its tolerance from there on (own_clusters.cpp). 0: of any.
    double from_n = 0;
    // In words, where no publication has been looked up that could be cited.
    std::string source = "";
};
// None for an algorithm, or parameters of it, for which no value is known.
std::optional<Expectation> expectation_of(const Json& metadata);

// What the literature's values are of, and the simulation plugin's own ensembles.
bool is_of_equal_touching_spheres(const Json& metadata);

// Why the cluster cannot be judged by that value, as a sentence; empty when it can.
std::string why_no_verdict(const Json& metadata, const Expectation& expected);

// With at most this sticking probability cluster-cluster growth is reaction-limited, with 1
// diffusion-limited. So says the simulation plugin; what lies between is neither.
inline constexpr double reaction_limited = 0.001;

// Whether cluster-cluster growth was so full that clusters reach into each other before they touch: its Df is
// then above that of dilute growth.
bool is_crowded(const Json& metadata);

// What a simulation was made with; an empty object when it does not say.
Json parameters_of(const Json& metadata);

// How the algorithm works, in a sentence with citations; empty for one that is not known.
Text method_of(const std::string& algorithm);

}  // namespace assistd::exporting
