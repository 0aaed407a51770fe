#pragma once
// Where a Brownian path first meets a sphere. Pure functions; the generator is the caller's.
//
// From a point at the fraction `kappa` of the radius inside a sphere, along the unit vector `axis` from its
// centre, the place of the first exit has the density of the Poisson kernel, (1 - kappa^2) / |kappa axis -
// y|^D. By inversion the same density, with kappa = radius / distance, says where a path from outside meets
// the sphere when it does: in two dimensions always, in three with probability kappa.

#include <algorithm>

#include "engine/random.h"

namespace assistd::simulation {

// The direction, seen from the sphere's centre, of the place of arrival; -1 < kappa < 1.
template <int D>
Vec<D> poisson_direction(Random& random, const Vec<D>& axis, double kappa) {
    if constexpr (D == 2) {
        // The Moebius map that takes the centre to kappa takes the uniform law to the wanted one. In half
        // angles, so that nothing cancels where kappa is close to 1.
        const Vec<2> even = random.direction<2>();
        const double half =
            even[0] < 0 ? even[1] * even[1] / (2 - 2 * even[0]) : 0.5 + 0.5 * even[0];  // (1 + cos) / 2
        const double scale = 1 / ((1 - kappa) * (1 - kappa) + 4 * kappa * half);
        const double cosine = 2 * (1 + kappa) * (1 + kappa) * half * scale - 1;
        const double sine = even[1] * (1 - kappa) * (1 + kappa) * scale;
        return {{axis[0] * cosine - axis[1] * sine, axis[1] * cosine + axis[0] * sine}};
    } else {
        // 1 / |kappa axis - y| is uniform between its extremes; solved for the cosine in a form that holds at
        // kappa = 0.
        const double v = random.uniform(-1, 1);
        const double k = kappa;
        const double scale = 1 / ((1 + k * v) * (1 + k * v));
        const double cosine = std::clamp(
            (v + 0.5 * k * (v * v + 3) + k * k * v + 0.5 * k * k * k * (v * v - 1)) * scale, -1.0, 1.0);
        const double sine = std::sqrt(1 - cosine * cosine);
        const Vec<2> turn = random.direction<2>();
        // An orthonormal basis around the axis without branches (Duff et al. 2017).
        const double sign = std::copysign(1.0, axis[2]);
        const double a = -1 / (sign + axis[2]);
        const double b = axis[0] * axis[1] * a;
        const Vec<3> first{{1 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]}};
        const Vec<3> second{{b, sign + axis[1] * axis[1] * a, -axis[1]}};
        return axis * cosine + first * (sine * turn[0]) + second * (sine * turn[1]);
    }
}

}  // namespace assistd::simulation
