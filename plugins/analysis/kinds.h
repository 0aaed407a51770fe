#pragma once
// Of which kind simulations are: what a mean over them must not mix. Pure functions.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::analysis {

// The kind of each: "2-D dla", "cuboctaedro", and where several share that what they differ by, "3-D cca,
// sticking_probability 0.1". Sizes and seeds make no kinds.
std::vector<std::string> kinds_of(const std::vector<Json>& metadata);

}  // namespace assistd::analysis
