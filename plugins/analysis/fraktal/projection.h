#pragma once
// The silhouette of a particle geometry seen from one side, as an electron microscope shows it: every pixel
// whose centre a sphere covers. Pure functions and values.

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>

#include "assistd/particles.hpp"
#include "fraktal/mask.h"

namespace assistd::analysis {

using Direction = std::array<double, 3>;

// Evenly distributed over all directions; the same for the same seed everywhere.
Direction random_direction(std::uint64_t seed);

struct Projection {
    Mask mask;
    double pixel = 0;                // side of a pixel, in the geometry's unit
    double pixels_per_diameter = 0;  // of a mean particle
};

// The geometry is too large for a picture of this resolution; what() is a sentence.
class ProjectionRefused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Looks along `direction` (a unit vector). The picture has a margin of a pixel on each side and at most
// 8192 pixels along a side; without a wish for pixels per mean particle diameter it has 20, or as many, at
// least 4, as fit. `checkpoint` is called now and then and throws to end the work.
Projection project(std::span<const Particle> particles, const Direction& direction, int wanted_per_diameter,
                   const std::function<void()>& checkpoint);

inline constexpr int usual_pixels_per_diameter = 20;
inline constexpr int fewest_pixels_per_diameter = 4;
inline constexpr int largest_picture = 8192;

}  // namespace assistd::analysis
