#pragma once
// Ballistic cluster-cluster aggregates for the tests: two clusters of one size, turned at random, meet along
// a straight line with a random offset, again and again. Touching spheres of radius 1; Df is about 1.9.

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "shapes.h"

namespace assistd::analysis {

// Moves the centre of mass to the origin and returns how far the cluster reaches.
inline double centre(std::vector<Particle>& cluster) {
    double x = 0, y = 0, z = 0, reach = 0;
    const double count = static_cast<double>(cluster.size());
    for (const Particle& p : cluster) x += p.x / count, y += p.y / count, z += p.z / count;
    for (Particle& p : cluster) {
        p.x -= x, p.y -= y, p.z -= z;
        reach = std::max(reach, std::hypot(p.x, p.y, p.z) + p.radius);
    }
    return reach;
}

// 2^generations particles.
inline std::vector<Particle> ballistic_aggregate(int generations, std::mt19937_64& random) {
    if (generations == 0) return {{0, 0, 0, 1, -1, 0}};
    const std::vector<Particle> first = ballistic_aggregate(generations - 1, random);
    const std::vector<Particle> second = ballistic_aggregate(generations - 1, random);
    while (true) {
        std::vector<Particle> target = turned(first, static_cast<unsigned>(random()));
        std::vector<Particle> other = turned(second, static_cast<unsigned>(random()));
        const double reach = centre(target) + centre(other);
        // The other one comes along z, off by (x, y).
        const double off = reach * std::sqrt(std::uniform_real_distribution<double>(0, 1)(random));
        const double turn = std::uniform_real_distribution<double>(0, 6.283185307179586)(random);
        for (Particle& p : other) p.x += off * std::cos(turn), p.y += off * std::sin(turn);
        double stop = std::numeric_limits<double>::infinity();
        for (const Particle& a : target)
            for (const Particle& b : other) {
                const double aside2 = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
                if (aside2 < 4) stop = std::min(stop, a.z - b.z - std::sqrt(4 - aside2));
            }
        if (!std::isfinite(stop)) continue;  // it flew past
        for (Particle& p : other) {
            p.z += stop;
            target.push_back(p);
        }
        return target;
    }
}

}  // namespace assistd::analysis
