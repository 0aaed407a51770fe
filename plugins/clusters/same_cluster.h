#pragma once
// Which simulations are the same cluster, as they say of themselves. Pure functions.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::clusters {

// For each the first of them that is the same cluster, bit by bit: made by the same version with the same
// seed and parameters. Its own place when there is none before it.
std::vector<std::size_t> first_of_same(const std::vector<Json>& metadata);

}  // namespace assistd::clusters
