#pragma once
// Off-lattice diffusion-limited aggregation: particles come from infinity one at a time, diffuse, and stay
// where they first touch the cluster. Pure function of its parameters; any thread.

#include "engine/cluster.h"
#include "engine/observer.h"
#include "engine/size_law.h"

namespace assistd::simulation {

// What the tool takes: the time goes as n_particles / sticking_probability, and smaller clusters than some
// ten thousand particles do not change below any more.
inline constexpr double least_sticking_probability = 0.001;

struct DlaParameters {
    int dimensions = 3;  // 2 or 3
    std::size_t n_particles = 1000;
    double sticking_probability = 1;
    SizeLaw sizes;
    SinteringLaw sintering;
    std::uint64_t seed = 1;
};

// Lengths in units of the (geometric) mean radius. Throws Stopped.
Cluster grow_dla(const DlaParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
