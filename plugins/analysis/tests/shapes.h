#pragma once
// Geometries of known dimension for the tests: touching spheres of radius 1.

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "assistd/particles.hpp"

namespace assistd::analysis {

// A block of nx * ny * nz spheres.
inline std::vector<Particle> block(int nx, int ny, int nz) {
    std::vector<Particle> particles;
    for (int i = 0; i < nx; ++i)
        for (int j = 0; j < ny; ++j)
            for (int k = 0; k < nz; ++k) particles.push_back({2.0 * i, 2.0 * j, 2.0 * k, 1, -1, 0});
    return particles;
}

// A layer in which each sphere touches six others, with so many rings around the middle one.
inline std::vector<Particle> hexagon(int rings) {
    std::vector<Particle> particles;
    for (int i = -rings; i <= rings; ++i)
        for (int j = -rings; j <= rings; ++j)
            if (std::abs(i + j) <= rings) particles.push_back({2.0 * i + j, std::sqrt(3.0) * j, 0, 1, -1, 0});
    return particles;
}

// Vicsek's fractal: a cross of crosses. Its dimension is ln 5 / ln 3 (two dimensions) or ln 7 / ln 3 (three).
inline std::vector<Particle> vicsek(int dimensions, int generations) {
    std::vector<std::array<double, 3>> steps{{0, 0, 0}, {1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}};
    if (dimensions == 3) steps.insert(steps.end(), {{0, 0, 1}, {0, 0, -1}});
    std::vector<Particle> particles{{0, 0, 0, 1, -1, 0}};
    double distance = 2;
    for (int generation = 0; generation < generations; ++generation, distance *= 3) {
        std::vector<Particle> next;
        for (const auto& step : steps)
            for (Particle particle : particles) {
                particle.x += step[0] * distance;
                particle.y += step[1] * distance;
                particle.z += step[2] * distance;
                next.push_back(particle);
            }
        particles = std::move(next);
    }
    return particles;
}

// The same geometry in another orientation and place.
inline std::vector<Particle> turned(std::vector<Particle> particles, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    double w = normal(random), x = normal(random), y = normal(random), z = normal(random);
    const double length = std::sqrt(w * w + x * x + y * y + z * z);
    w /= length, x /= length, y /= length, z /= length;
    for (Particle& p : particles) {
        const double a = p.x, b = p.y, c = p.z;
        p.x = (1 - 2 * (y * y + z * z)) * a + 2 * (x * y - z * w) * b + 2 * (x * z + y * w) * c + 17;
        p.y = 2 * (x * y + z * w) * a + (1 - 2 * (x * x + z * z)) * b + 2 * (y * z - x * w) * c - 5;
        p.z = 2 * (x * z - y * w) * a + 2 * (y * z + x * w) * b + (1 - 2 * (x * x + y * y)) * c + 3;
    }
    return particles;
}

}  // namespace assistd::analysis
