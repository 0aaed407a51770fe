#pragma once
// Turns of space, every orientation alike. Plain values; drawing uses the caller's generator. Only +, -, *, /
// and the square root, so that a seed gives the same turn everywhere.
//   3-D: a unit quaternion that is uniform on the sphere in four dimensions (G. Marsaglia, Ann. Math. Stat.
//   43 (1972) 645) is a uniform rotation (K. Shoemake, Graphics Gems III (1992) 124).

#include <cmath>

#include "engine/random.h"

namespace assistd::simulation {

template <int D>
struct Rotation {
    std::array<Vec<D>, D> rows;

    Vec<D> operator()(const Vec<D>& point) const {
        Vec<D> turned;
        for (int row = 0; row < D; ++row) turned[row] = dot(rows[static_cast<std::size_t>(row)], point);
        return turned;
    }
};

template <int D>
Rotation<D> random_rotation(Random& random) {
    if constexpr (D == 2) {
        const Vec<2> x = random.direction<2>();
        return {{{{{x[0], -x[1]}}, {{x[1], x[0]}}}}};
    } else {
        double a, b, c, d, first, second;
        do {
            a = random.uniform(-1, 1);
            b = random.uniform(-1, 1);
            first = a * a + b * b;
        } while (first >= 1 || first < 1e-12);
        do {
            c = random.uniform(-1, 1);
            d = random.uniform(-1, 1);
            second = c * c + d * d;
        } while (second >= 1 || second < 1e-12);
        const double scale = std::sqrt((1 - first) / second);
        c *= scale;
        d *= scale;
        const Vec<3> x{{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)}};
        const Vec<3> y{{2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)}};
        const Vec<3> z{{2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d}};
        return {{x, y, z}};
    }
}

// A place in the disc (2-D: on the line) of this radius around the origin that is at right angles to `axis`,
// every place alike: where a straight path with a random impact parameter passes.
template <int D>
Vec<D> impact_parameter(Random& random, const Vec<D>& axis, double radius) {
    if constexpr (D == 2) {
        const double along = random.uniform(-radius, radius);
        return {{-axis[1] * along, axis[0] * along}};
    } else {
        // A point of the ball's cube that is in the disc after its part along the axis is taken off would not
        // be even; a pair of unit vectors at right angles to the axis is needed (Duff et al. 2017).
        double x, y;
        do {
            x = random.uniform(-1, 1);
            y = random.uniform(-1, 1);
        } while (x * x + y * y > 1);
        const double sign = std::copysign(1.0, axis[2]);
        const double a = -1 / (sign + axis[2]);
        const double b = axis[0] * axis[1] * a;
        const Vec<3> first{{1 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]}};
        const Vec<3> second{{b, sign + axis[1] * axis[1] * a, -axis[1]}};
        return first * (radius * x) + second * (radius * y);
    }
}

}  // namespace assistd::simulation
