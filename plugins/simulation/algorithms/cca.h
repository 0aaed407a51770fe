#pragma once
// Cluster-cluster aggregation off lattice (P. Meakin, Phys. Rev. Lett. 51 (1983) 1119; M. Kolb, R. Botet,
// R. Jullien, Phys. Rev. Lett. 51 (1983) 1123): particles diffuse in a periodic box, and whatever touches
// stays together and diffuses on as one rigid cluster. Pure function of its parameters; any thread.
//
//  - A cluster diffuses like 1/Rg, which is Stokes' and Einstein's 1/Rh, since the hydrodynamic radius of
//    such clusters is a constant part of Rg (P. Wiltzius, Phys. Rev. Lett. 58 (1987) 710). It does not turn.
//  - Which one moves next is drawn with the chance D / step^2, so that each has its own diffusivity whatever
//    its step. A step is a straight path in a random direction, as long as three quarters of the free space
//    around the cluster, but never shorter than a particle's radius; contacts on it are exact.
//  - sticking_probability 1 is the diffusion-limited case (DLCA). Below, a collision that does not stick
//    takes the step back, which leaves hard clusters in equilibrium between collisions.
//  - From reaction_limit down it is the reaction-limited case itself (RLCA), in which clusters have come to
//    equilibrium before a collision sticks: the next bond is any of all configurations in which two clusters
//    touch, with the same chance and whatever their diffusivities (P. Meakin, F. Family, Phys. Rev. A 36
//    (1987) 5498; M. Y. Lin et al., Phys. Rev. A 41 (1990) 2005). In a box so full that a hundred of them in
//    a row are blocked by other clusters, these move on as at reaction_limit until two have joined.

#include <stdexcept>

#include "algorithms/growth_parameters.h"
#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

// At and below, a sticking probability has no influence any more.
inline constexpr double reaction_limit = 0.001;

struct CcaParameters : GrowthParameters {
    double sticking_probability = 1;
    // One of them; without any, wide enough that the agglomerate does not fill the box (at least 100).
    double box_size = 0;            // in mean radii
    double volume_fraction = 0;     // of the particles in the box (2-D: of their area)
    std::size_t clusters_left = 1;  // ends when there are so many
};

struct Population {
    // Of every cluster at the end, the largest first.
    std::vector<GrowthPoint> clusters;
    Cluster largest;
    double box_size = 0;
    double volume_fraction = 0;
};

// Part of the box (2-D: of its area) that the particles may fill.
inline constexpr double largest_filling = 0.25;

// The particles do not fit into the box, in a sentence. Radii may be random, so this shows when they are
// drawn.
class BoxIsFull : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Lengths in units of the (geometric) mean radius. Throws Stopped, BoxIsFull.
Population grow_cca(const CcaParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
