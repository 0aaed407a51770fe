#pragma once
// The scaling law N = kf (Rg / a)^Df, fitted to the growth of one cluster. Pure function, any thread.

#include <vector>

#include "engine/growth_statistics.h"

namespace assistd::simulation {

// A least-squares line through (ln Rg/a, ln N). The standard errors are those of the regression; the points
// of one growth depend on each other, so the scatter from cluster to cluster is larger.
struct GrowthFit {
    bool valid = false;  // false when there were fewer than three points, or ten particles
    double df = 0;
    double df_stderr = 0;
    double kf = 0;
    double kf_stderr = 0;
    double r_squared = 0;
    std::size_t first_particles = 0;  // the range of N that was used
    std::size_t last_particles = 0;
    double decades() const;
};

// Rg in units of a. Uses the last two decades of N, or from N = 10 on, or for tiny clusters the last decade.
GrowthFit fit_growth(const std::vector<GrowthPoint>& growth);

}  // namespace assistd::simulation
