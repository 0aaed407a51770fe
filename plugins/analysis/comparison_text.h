#pragma once
// What a comparison says in a sentence or two: means with their standard errors, and few simulations one by
// one. Pure functions.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

#include "comparison.h"

namespace assistd::analysis {

// `simulations`: as the result lists them, with handle, values and errors. `unit`: of lengths; empty when
// none was said or they differ. `kinds`: when they are of several, each of which has means of its own.
std::string summary_of(const Comparison& comparison, const Json& simulations, const std::string& unit,
                       const std::vector<KindOfSimulations>& kinds);

}  // namespace assistd::analysis
