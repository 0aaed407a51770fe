#pragma once
// Simulations that are one cluster, bit by bit: made by the same version with the same seed and parameters. A
// mean counts them once. Pure functions.

#include <string>
#include <vector>

#include "material.h"

namespace assistd::exporting {

struct SameClusters {
    std::vector<const SimulationRecord*> distinct;  // the first of each, in their order
    std::vector<std::string> copies;                // "simulation-6 is the same cluster as simulation-5"

    // " simulation-6 is …, bit by bit; each cluster counts once."; empty without copies.
    std::string told() const;
};

SameClusters distinct_clusters(const std::vector<SimulationRecord>& simulations);

}  // namespace assistd::exporting
