#pragma once
// Tunable particle-cluster growth (Filippov, Zurita & Rosner 2000): sphere after sphere, each in contact with
// the cluster at the distance from its centre of mass that the law asks for.
//
// The places in contact with sphere i and at that distance are a circle. The arcs of it that other spheres
// block are known exactly, so that a place without overlap is found whenever there is one; i is drawn among
// all spheres, the angle among all free angles. While the cluster is small there may be no such place (two
// touching spheres have one Rg only): then the nearest distance is taken that has one, and the spheres that
// follow make up for it, since the distance is computed from the cluster as it is. Of unequal spheres another
// one is tried before that.

#include <optional>
#include <span>

#include "algorithms/tunable_body.h"
#include "engine/growth_statistics.h"
#include "engine/observer.h"
#include "engine/random.h"

namespace assistd::simulation {

struct ParticleGrowth {
    TunableLaw law;
    double sintering = 1;
    bool exact = true;  // the law has to hold at the end
};

struct GrownBody {
    Body body;  // empty when there is a hindrance
    Hindrance hindrance = Hindrance::none;
    double work = 0;  // contacts that were tried
    std::vector<GrowthPoint> growth;
};

// Takes the radii in this order, as far as it can. `report`: whether progress goes to the observer. Throws
// Stopped.
GrownBody grow_by_particles(std::span<const double> radii, const ParticleGrowth& growth, Random& random,
                            Observer& observer, bool report);

}  // namespace assistd::simulation
