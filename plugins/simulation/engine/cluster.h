#pragma once
// What every algorithm returns: a plain value, in units of the (geometric) mean particle radius.

#include <assistd/particles.hpp>
#include <cstdint>
#include <vector>

#include "engine/growth_statistics.h"

namespace assistd::simulation {

struct Cluster {
    int dimensions = 3;
    std::vector<Particle> particles;       // in the order in which they were placed
    std::vector<GrowthPoint> growth;       // Rg(N)
    double growth_bytes_per_particle = 0;  // memory at the end of the growth, all told
    std::uint64_t walker_steps = 0;
};

}  // namespace assistd::simulation
