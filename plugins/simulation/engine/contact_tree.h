#pragma once
// From spheres and the contacts by which they stuck together to a cluster in the form that every algorithm
// returns. Pure functions; belongs to nobody.

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/cluster.h"
#include "engine/observer.h"
#include "engine/sphere_forest.h"

namespace assistd::simulation {

using ContactList = std::vector<std::pair<std::int32_t, std::int32_t>>;

// The spheres of a tree of contacts, breadth first from the one that is nearest to `middle`, so that a
// sphere's parent always stands before it; coordinates are relative to `middle`. Throws Stopped.
template <int D>
std::vector<Particle> ordered_particles(const SphereForest<D>& forest, std::int32_t root,
                                        const ContactList& contacts, const Vec<D>& middle,
                                        Observer& observer);

}  // namespace assistd::simulation
