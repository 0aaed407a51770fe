#pragma once
// Ballistic cluster-cluster aggregation (BCCA) off lattice, the hierarchical model of equal partners: a
// cluster of n particles is made of one of n - n/2 and one of n/2, each made in the same way. The partners
// meet on a straight path from a random direction with a random impact parameter and a random orientation,
// and stay as they first touch (R. Jullien, M. Kolb, J. Phys. A 17 (1984) L639 for the hierarchy; P. Meakin,
// J. Colloid Interface Sci. 102 (1984) 505 for the paths). Pure function of its parameters; any thread.

#include "algorithms/growth_parameters.h"
#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

// Lengths in units of the (geometric) mean radius. Throws Stopped.
Cluster grow_ballistic_cc(const GrowthParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
