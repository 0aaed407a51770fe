#pragma once
// What a finished geometry looks like, in the units of its coordinates. Pure functions, any thread; those
// that take an observer poll it and throw Stopped.

#include <array>
#include <span>
#include <vector>

#include "measure/neighbours.h"

namespace assistd::simulation {

// The gyration tensor (the spheres' own part 1/5 r^2 on each axis included, so that the moments add up to
// Rg^2).
struct Gyration {
    double radius = 0;                            // Rg
    std::array<double, 3> moments{};              // squared lengths, largest first
    std::array<std::array<double, 3>, 3> axes{};  // unit vectors, in the order of the moments
    double asphericity = 0;                       // m1 - (m2 + m3) / 2
    double acylindricity = 0;                     // m2 - m3
    double anisotropy = 0;                        // relative shape anisotropy, 0 (sphere) .. 1 (line)
};
Gyration gyration(std::span<const Particle> particles);

// 1 - (volume of the particles) / (volume of a sphere of radius 2 Rg).
double porosity(std::span<const Particle> particles, double radius_of_gyration);

// Particles are in contact when they touch within `tolerance` or overlap.
struct Contacts {
    double mean = 0;
    double deviation = 0;
    std::vector<std::size_t> histogram;  // [c] = how many particles have c contacts
    std::size_t pairs = 0;
    std::size_t overlapping = 0;  // of the pairs, those that overlap by more than the tolerance
    double largest_overlap = 0;   // r_i + r_j - distance
};
Contacts contacts(std::span<const Particle> particles, const Neighbours& neighbours, double tolerance,
                  Observer& observer);

// How deep particles sit in those that they stuck to (their parents): distance / sum of radii.
struct Sintering {
    double mean = 1;
    double deviation = 0;
};
Sintering sintering_of(std::span<const Particle> particles);

// g_r[i]: mean number of other particle centres per unit volume (2-D: area) at the distance r[i]. Exact up to
// 4000 particles; of more, 4000 evenly taken ones stand for all.
struct PairCorrelation {
    std::vector<double> r;
    std::vector<double> g_r;
};
PairCorrelation pair_correlation(std::span<const Particle> particles, int dimensions,
                                 double radius_of_gyration, Observer& observer);

}  // namespace assistd::simulation
