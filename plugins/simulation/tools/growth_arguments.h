#pragma once
// What the growth tools have in common: their arguments in, the description of the run out. Any thread.

#include "algorithms/growth_parameters.h"
#include "tools/report.h"

namespace assistd::simulation {

// dimensions, n_particles, radii, sintering and seed; throws assistd::Failure with a sentence that names the
// field and its bound. `unit` is set to a, the unit of the result's lengths.
void read_growth(const Json& arguments, GrowthParameters& parameters, double& unit);

// A number in (0, 1].
double probability_of(const Json& arguments, const std::string& field, double least = 0);

// The run as it is reported; `what` is what grew: "Grew a 3-D {what} of 100 particles".
Run describe_run(const Json& arguments, const GrowthParameters& parameters, double unit,
                 const std::string& algorithm, const std::string& what);

}  // namespace assistd::simulation
