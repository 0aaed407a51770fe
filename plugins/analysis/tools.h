#pragma once
// The plugin's tools, one file each, and what they take. Run on the call's thread.

#include <vector>

#include "assistd/plugin.hpp"
#include "box_counting.h"

namespace assistd::analysis {

// The dimensions are the simulation's.
struct BoxCountingArguments : BoxCountingOptions {
    Artifact simulation;
};
void describe(Fields<BoxCountingArguments>& fields);
Result run_box_counting(Call& call, const BoxCountingArguments& arguments);

struct ComparisonArguments {
    std::vector<Artifact> simulations;
};
void describe(Fields<ComparisonArguments>& fields);
Result compare_simulations(Call& call, const ComparisonArguments& arguments);

}  // namespace assistd::analysis
