#pragma once
// Of which kind clusters are: what a mean, a curve or the bars of a histogram must not mix. Pure functions on
// what simulations say of themselves (plugins/simulation/README.md); any thread.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::clusters {

// "3-D DLA", "2-D eden"; an exact geometry by its name, "cuboctaedro". Without underscores, asterisks and
// carets, which labels of plots take for markup.
std::string kind_of(const Json& metadata);

// The kind of each; where several share kind_of() it says what they differ by, "3-D CCA, sticking probability
// 0.1". Only what changes Df makes a kind: sizes, seeds and units do not.
std::vector<std::string> kinds_of(const std::vector<Json>& metadata);

}  // namespace assistd::clusters
