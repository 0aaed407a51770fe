#pragma once
// Off-lattice diffusion-limited aggregation: particles come from infinity one at a time, diffuse, and stay
// where they first touch the cluster. Pure function of its parameters; any thread.

#include "algorithms/growth_parameters.h"
#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

// What the tool takes: the time goes as n_particles / sticking_probability, and smaller clusters than some
// ten thousand particles do not change below any more.
inline constexpr double least_sticking_probability = 0.001;

struct DlaParameters : GrowthParameters {
    double sticking_probability = 1;
};

// Lengths in units of the (geometric) mean radius. Throws Stopped.
Cluster grow_dla(const DlaParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
