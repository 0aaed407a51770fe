#include "fraktal/projection.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <vector>

namespace assistd::analysis {
namespace {

struct Disc {
    double u;
    double v;
    double radius;
};

// Two axes across the direction. Looking along x shows y and z, along y z and x, along z x and y.
std::array<Direction, 2> across(const Direction& direction) {
    if (direction[0] == 1) return {{{0, 1, 0}, {0, 0, 1}}};
    if (direction[1] == 1) return {{{0, 0, 1}, {1, 0, 0}}};
    if (direction[2] == 1) return {{{1, 0, 0}, {0, 1, 0}}};
    // The coordinate axis that is least along the direction cannot be parallel to it.
    const auto least = std::min_element(direction.begin(), direction.end(),
                                        [](double a, double b) { return std::abs(a) < std::abs(b); }) -
                       direction.begin();
    Direction first{};
    for (int axis = 0; axis < 3; ++axis)
        first[axis] = (axis == least ? 1 : 0) - direction[least] * direction[axis];
    const double length = std::hypot(first[0], first[1], first[2]);
    for (double& part : first) part /= length;
    return {
        first,
        {direction[1] * first[2] - direction[2] * first[1], direction[2] * first[0] - direction[0] * first[2],
         direction[0] * first[1] - direction[1] * first[0]}};
}

double dot(const Direction& axis, const Particle& particle) {
    return axis[0] * particle.x + axis[1] * particle.y + axis[2] * particle.z;
}

std::string text_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

double resolution(double extent_in_diameters, int wanted) {
    const double most = (largest_picture - 3) / extent_in_diameters;
    if (wanted > 0) {
        if (wanted <= most) return wanted;
        throw ProjectionRefused("pixels_per_diameter can be at most " + text_of(std::floor(most)) +
                                " here: the cluster spans " + text_of(extent_in_diameters) +
                                " particle diameters, and a picture may have 8192 pixels along a side.");
    }
    if (most < fewest_pixels_per_diameter)
        throw ProjectionRefused(
            "The cluster spans " + text_of(extent_in_diameters) +
            " particle diameters; at most 2047 can be projected, so that each has 4 pixels "
            "in a picture of 8192.");
    return std::min<double>(most, usual_pixels_per_diameter);
}

void draw(Mask& mask, const Disc& disc, double left, double top, double pixel) {
    // In pixels, counted from the centre of the first one.
    const double u = (disc.u - left) / pixel - 0.5, v = (disc.v - top) / pixel - 0.5, r = disc.radius / pixel;
    const int first = std::max(0, static_cast<int>(std::ceil(v - r)));
    const int last = std::min(mask.height - 1, static_cast<int>(std::floor(v + r)));
    for (int y = first; y <= last; ++y) {
        const double half = std::sqrt(std::max(r * r - (y - v) * (y - v), 0.0));
        const int from = std::max(0, static_cast<int>(std::ceil(u - half)));
        const int to = std::min(mask.width - 1, static_cast<int>(std::floor(u + half)));
        if (from <= to) std::fill(mask.row(y) + from, mask.row(y) + to + 1, std::uint8_t{1});
    }
}

}  // namespace

Direction random_direction(std::uint64_t seed) {
    // The engine's numbers are the same everywhere; distributions of the library would not be.
    std::mt19937_64 random(seed);
    const auto uniform = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    const double z = 2 * uniform() - 1, turn = 2 * std::numbers::pi * uniform();
    const double radius = std::sqrt(1 - z * z);
    return {radius * std::cos(turn), radius * std::sin(turn), z};
}

Projection project(std::span<const Particle> particles, const Direction& direction, int wanted_per_diameter,
                   const std::function<void()>& checkpoint) {
    const auto [first, second] = across(direction);
    std::vector<Disc> discs;
    discs.reserve(particles.size());
    double left = HUGE_VAL, right = -HUGE_VAL, top = HUGE_VAL, bottom = -HUGE_VAL, diameter = 0;
    for (const Particle& particle : particles) {
        const Disc& disc =
            discs.emplace_back(Disc{dot(first, particle), dot(second, particle), particle.radius});
        left = std::min(left, disc.u - disc.radius), right = std::max(right, disc.u + disc.radius);
        top = std::min(top, disc.v - disc.radius), bottom = std::max(bottom, disc.v + disc.radius);
        diameter += 2 * disc.radius / static_cast<double>(particles.size());
    }
    const double per_diameter =
        resolution(std::max(right - left, bottom - top) / diameter, wanted_per_diameter);
    const double pixel = diameter / per_diameter;
    const auto side = [pixel](double length) { return static_cast<int>(std::ceil(length / pixel)) + 2; };
    Projection projection{Mask(side(right - left), side(bottom - top)), pixel, per_diameter};
    for (std::size_t i = 0; i < discs.size(); ++i) {
        if (i % 4096 == 0) checkpoint();
        draw(projection.mask, discs[i], left - pixel, top - pixel, pixel);
    }
    return projection;
}

}  // namespace assistd::analysis
