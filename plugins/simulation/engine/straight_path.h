#pragma once
// Where a sphere on a straight path first touches another one. Pure function, exact but for rounding.

#include <cmath>
#include <limits>

#include "engine/vector.h"

namespace assistd::simulation {

inline constexpr double never = std::numeric_limits<double>::infinity();

// How far a point at the origin goes along the unit vector `direction` until it is `contact` away from the
// point at `offset`; `never` when it passes by or goes away. 0 when it is nearer already and still comes
// nearer. In the form of the quadratic's solution in which nothing cancels.
template <int D>
double path_to_contact(const Vec<D>& offset, const Vec<D>& direction, double contact) {
    const double along = dot(offset, direction);
    if (along <= 0) return never;
    const double square = dot(offset, offset);
    const double outside = square - contact * contact;
    if (outside <= 0) return 0;
    const double inside = along * along - outside;
    return inside < 0 ? never : outside / (along + std::sqrt(inside));
}

}  // namespace assistd::simulation
