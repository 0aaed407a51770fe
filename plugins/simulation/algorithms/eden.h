#pragma once
// Off-lattice Eden growth: a particle of the cluster divides in a random direction, and the new one stays
// when there is room for it, in contact with its parent (M. Eden, Proc. 4th Berkeley Symp. 4 (1961) 223; off
// lattice: C. Y. Wang, P. L. Liu, J. B. Bassingthwaighte, J. Phys. A 28 (1995) 2141). Compact: Df tends to
// the dimension of space. Pure function of its parameters; any thread.
//
// Growth goes in generations: in each, every particle that was there at its beginning and still has room
// tries to divide once with `growth_probability`, in random order (D. Richardson, Proc. Camb. Phil. Soc. 74
// (1973) 515). A chance to divide that is proportional to the free surface is Eden's model B (R. Jullien, R.
// Botet, J. Phys. A 18 (1985) 2279); the smaller the probability, the nearer to his growth by one particle at
// a time.

#include "algorithms/growth_parameters.h"
#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

struct EdenParameters : GrowthParameters {
    double growth_probability = 1;
};

// Lengths in units of the (geometric) mean radius. Throws Stopped.
Cluster grow_eden(const EdenParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
