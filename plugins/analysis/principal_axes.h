#pragma once
// Turns a geometry to its principal axes, so that what is measured on a grid does not depend on how the
// geometry happened to lie. Pure functions.

#include <vector>

#include "assistd/particles.hpp"

namespace assistd::analysis {

// The particles with their longest principal axis (by volume-weighted gyration) along x, the next along y.
// The sign of each axis is that of the third moment along it. A geometry that lies along the coordinate axes
// already, and one without a preferred direction such as a cube, keeps its axes. In two dimensions only x and
// y are turned.
std::vector<Particle> along_principal_axes(std::vector<Particle> particles, int dimensions);

}  // namespace assistd::analysis
