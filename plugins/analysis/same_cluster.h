#pragma once
// What made a simulation, as it says of itself. Pure functions.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::analysis {

// "2-D dla", "3-D cca", "cuboctaedro": what a mean over simulations must not mix. Empty when it does not say.
std::string kind_of(const Json& metadata);

// For each the first of them that is the same cluster, bit by bit: made by the same version with the same
// seed and parameters. Its own place when there is none before it.
std::vector<std::size_t> first_of_same(const std::vector<Json>& metadata);

}  // namespace assistd::analysis
