#pragma once
// Ballistic particle-cluster aggregation (BPCA) off lattice: particles come one at a time on straight lines
// from random directions, with a random impact parameter, and stay where they first touch the cluster
// (M. J. Vold, J. Colloid Sci. 18 (1963) 684; D. N. Sutherland, J. Colloid Interface Sci. 25 (1967) 373).
// Dense but slowly converging: Df tends to the dimension of space. Pure function of its parameters; any
// thread.

#include "algorithms/growth_parameters.h"
#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

// Lengths in units of the (geometric) mean radius. Throws Stopped.
Cluster grow_ballistic(const GrowthParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
