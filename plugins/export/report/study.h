#pragma once
// The runs of a study as simulations, as far as the study's table tells. Pure functions.

#include <string>

#include "material.h"

namespace assistd::exporting {

// With "algorithm", "dimensions", "n_particles" and "parameters"; without an algorithm when the study's tool
// grows no clusters.
Json as_simulation(const StudyRecord& study, const RunRecord& run);

// The method of the analysis that followed each run, "box_counting"; empty for none.
std::string analysis_after(const StudyRecord& study);

}  // namespace assistd::exporting
