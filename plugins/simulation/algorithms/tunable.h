#pragma once
// Clusters of a given fractal dimension and prefactor: N = kf (Rg/a)^Df holds at the end by construction. Two
// ways to get there:
//  - particle-cluster (Filippov, Zurita & Rosner 2000, J. Colloid Interface Sci. 229, 261): each new sphere
//  is put at
//    the distance from the centre of mass that the law asks for, in contact with the cluster;
//  - cluster-cluster (FracVAL: Moran, Fuentes, Liu & Yon 2019, Comput. Phys. Commun. 239, 225): small
//  clusters made in
//    the first way are joined two by two at the distance of their centres of mass that the law asks for.
// a is the geometric mean radius; of unequal spheres the drawn radii are scaled so that it is exactly 1. Pure
// function of its parameters; any thread.

#include <stdexcept>
#include <string>

#include "engine/cluster.h"
#include "engine/observer.h"
#include "engine/size_law.h"

namespace assistd::simulation {

struct TunableParameters {
    std::size_t n_particles = 256;
    double target_df = 1.78;
    double target_kf = 1.3;
    bool cluster_cluster = true;
    std::size_t seed_cluster_size = 0;  // spheres in the clusters that are joined; 0: seed_cluster_size_for()
    SizeLaw sizes;                      // equal or lognormal
    double sintering = 1;               // distance of two touching spheres / sum of their radii
    std::uint64_t seed = 1;
};

struct TunableCluster {
    Cluster cluster;
    double target_rg = 0;  // (N/kf)^(1/Df)
    int attempts = 1;      // beginnings that it took
};

// Such a cluster is impossible or was not found; what() says why and what to change.
class OutOfReach : public std::runtime_error {
  public:
    OutOfReach(std::string field, const std::string& sentence)
        : std::runtime_error(sentence), field_(std::move(field)) {}
    const std::string& field() const { return field_; }

  private:
    std::string field_;
};

// What FracVAL takes: 5 below 50 spheres, 50 above 500, a tenth between.
std::size_t seed_cluster_size_for(std::size_t n_particles);

// Lengths in units of a. Throws OutOfReach, Stopped.
TunableCluster grow_tunable(const TunableParameters& parameters, Observer& observer);

}  // namespace assistd::simulation
