#pragma once
// What all growth algorithms have in common. A plain value.

#include "engine/size_law.h"

namespace assistd::simulation {

struct GrowthParameters {
    int dimensions = 3;  // 2 or 3
    std::size_t n_particles = 1000;
    SizeLaw sizes;
    SinteringLaw sintering;
    std::uint64_t seed = 1;
};

}  // namespace assistd::simulation
