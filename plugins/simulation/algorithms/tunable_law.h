#pragma once
// The scaling law that tunable growth follows, and the distance at which it joins two clusters. Plain values,
// any thread. Lengths are in units of a.

#include <cmath>

namespace assistd::simulation {

// What the law needs to know of a cluster. Mass is the sum of r^3, rg the mass-weighted radius of gyration
// with the spheres' own term.
struct Bulk {
    double mass = 0;
    double rg_squared = 0;

    static Bulk of_sphere(double radius) { return {radius * radius * radius, 0.6 * radius * radius}; }
    // Both together, their centres of mass `distance` apart.
    Bulk joined(const Bulk& other, double distance) const {
        const double together = mass + other.mass;
        const double spread = mass * other.mass / together * distance * distance;
        return {together, (mass * rg_squared + other.mass * other.rg_squared + spread) / together};
    }
};

// Rg^2 = (N/kf)^(2/Df). While clusters of unequal spheres grow, masses stand for numbers: a cluster counts as
// as many spheres as it has mean masses, so that a small sphere is asked to change Rg by as little as it can.
struct TunableLaw {
    double df = 1.78;
    double kf = 1.3;
    double mean_mass = 1;  // of all spheres of the finished cluster

    double radius_of_gyration(double mass) const { return std::pow(mass / mean_mass / kf, 1 / df); }
    // The square of the distance of the centres of mass that gives both together the Rg of the law:
    //     G^2 = M^2/(M1 M2) Rg^2 - M/M2 Rg1^2 - M/M1 Rg2^2.
    // Negative when they are too large already.
    double merge_distance_squared(const Bulk& one, const Bulk& other) const {
        const double together = one.mass + other.mass;
        const double rg = radius_of_gyration(together);
        return together * together / (one.mass * other.mass) * rg * rg -
               together / other.mass * one.rg_squared - together / one.mass * other.rg_squared;
    }
};

}  // namespace assistd::simulation
