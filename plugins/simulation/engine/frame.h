#pragma once
// An axis and two directions across it. Plain value, any thread.

#include <cmath>

#include "engine/vector.h"

namespace assistd::simulation {

// Right-handed and orthonormal.
struct Frame {
    Vec<3> axis;
    Vec<3> first;
    Vec<3> second;

    // Around a unit vector, without branches (Duff et al. 2017, Building an orthonormal basis, revisited).
    static Frame around(const Vec<3>& axis) {
        const double sign = std::copysign(1.0, axis[2]);
        const double a = -1 / (sign + axis[2]);
        const double b = axis[0] * axis[1] * a;
        return {axis,
                {{1 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]}},
                {{b, sign + axis[1] * axis[1] * a, -axis[1]}}};
    }
    Vec<3> at(double x, double y, double z) const { return first * x + second * y + axis * z; }
};

}  // namespace assistd::simulation
