#pragma once
// Is there any place left where a new sphere could touch a given one? Exact, but for rounding: the places lie
// on a circle or sphere around it, each neighbour takes a cap of them away, and when any are left then some
// are at the edge of a cap: where two edges cross, or on an edge that no other cap reaches. Pure functions.

#include <vector>

#include "engine/vector.h"

namespace assistd::simulation {

// A neighbour: a new sphere may not come nearer to its centre than `distance`.
template <int D>
struct Obstacle {
    Vec<D> centre;
    double distance = 0;
};

// `contact`: how far from `centre` the new sphere's centre would be.
template <int D>
bool has_room(const Vec<D>& centre, double contact, const std::vector<Obstacle<D>>& obstacles);

}  // namespace assistd::simulation
