#pragma once
// Number, mass, centre and radius of gyration of a rigid cluster; two of them are merged in O(1) (the
// parallel axes theorem). Plain values.

#include <cmath>
#include <cstddef>

#include "engine/vector.h"

namespace assistd::simulation {

template <int D>
struct ClusterMass {
    std::size_t particles = 0;
    double mass = 0;    // sum of r^3
    double own = 0;     // sum of 3/5 r^5
    double spread = 0;  // sum of r^3 d^2, d from the centre
    Vec<D> centre;

    static ClusterMass of_sphere(const Vec<D>& centre, double radius) {
        const double mass = radius * radius * radius;
        return {1, mass, 0.6 * mass * radius * radius, 0, centre};
    }

    // sqrt(sum(3/5 r^5 + r^3 d^2) / sum(r^3))
    double radius_of_gyration() const { return std::sqrt((own + spread) / mass); }

    // Both in the same frame.
    friend ClusterMass merged(const ClusterMass& one, const ClusterMass& other) {
        const Vec<D> apart = other.centre - one.centre;
        const double mass = one.mass + other.mass;
        const double share = other.mass / mass;
        return {one.particles + other.particles, mass, one.own + other.own,
                one.spread + other.spread + one.mass * share * dot(apart, apart), one.centre + apart * share};
    }
};

}  // namespace assistd::simulation
