// Prefactors of the bodies between which kf(Df) is interpolated. With touching spheres (delta = 1) they are
// n a / Rg, n (a / Rg)^2 and n (a / Rg)^3 of a chain, a hexagonal sheet and a cuboctahedron.

#include <cmath>
#include <numbers>

#include "fraktal/model.h"

namespace assistd::analysis {
namespace {

// A sphere that loses a cap to each of its neighbours, in units of the whole sphere.
struct CutSphere {
    double delta;

    // Its volume.
    double volume(double neighbours) const {
        return 1 - neighbours / 2 + neighbours * (3 * delta * delta - 1) / (4 * delta * delta * delta);
    }
    // 5/3 of its second moment about the sphere's centre, in radii squared.
    double moment(double neighbours) const {
        const double power4 = std::pow(delta, 4), power5 = power4 * delta;
        return (power5 * (8 - 4 * neighbours) + neighbours * (5 * power4 - 1)) / (8 * power5);
    }
    // How far the centroid of what is left lies from the centre when one cap is gone, in a unit of the
    // paper's.
    double offset() const {
        const double open = 1 - 1 / delta;
        return 1.25 * open * open / (2 - 1 / delta);
    }
    // The moment of a sphere whose neighbours do not balance each other.
    double shifted(double neighbours, double weight) const {
        return moment(neighbours) - weight * volume(neighbours) * offset() * offset();
    }
};

double chain(double n, const CutSphere& cut) {
    const double delta2 = cut.delta * cut.delta;
    const double inner = cut.volume(2), end = cut.volume(1);
    const double own = 0.6 * ((n - 2) * cut.moment(2) + 2 * cut.shifted(1, 0.6));
    const double reach = (n - 1) / cut.delta + 0.6 * cut.offset();
    const double apart = (n - 1) * (n - 2) * (n - 3) * inner / (3 * delta2) + 2 * end * reach * reach;
    return n / std::sqrt((own + apart) / ((n - 2) * inner + 2 * end));
}

// Inner spheres have 6 neighbours, the 6 corners 3, the edges 4.
double sheet(double n, const CutSphere& cut) {
    const double delta2 = cut.delta * cut.delta;
    const double side = std::sqrt(12 * n - 3);
    const double rim = side - 3, edges = side - 9;
    const double inner = cut.volume(6), corner = cut.volume(3), edge = cut.volume(4);
    const double mass = (n - rim) * inner + 6 * corner + edges * edge;
    const double own =
        0.6 * ((n - rim) * cut.moment(6) + 6 * cut.shifted(3, 2.4) + edges * cut.shifted(4, 1.8));
    const double apart = inner / (108 * delta2) * rim * edges * (5 * n - 5 * rim + 1) +
                         2 / (3 * delta2) * corner * rim * rim +
                         edge / (54 * delta2) * 5 * rim * edges * (side - 4.2);
    return n * mass / (own + apart);
}

// Shells of a cuboctahedron of n spheres; a whole number for 13, 55, 147 …
double shells_of(double n) {
    const double cube = std::cbrt(0.15 * n + std::sqrt(324 * n * n + 343.0 / 15) / 120);
    return cube - 7.0 / 60 / cube - 0.5;
}

// Inner spheres have 12 neighbours, the 12 corners 5, the 24 edges 7, triangles 9, squares 8.
double compact(double n, const CutSphere& cut) {
    const double i = shells_of(n), i2 = i * i, i3 = i2 * i, i4 = i3 * i, i5 = i4 * i;
    const double inner = cut.volume(12), corner = cut.volume(5), edge = cut.volume(7);
    const double triangle = cut.volume(9), square = cut.volume(8);
    const double edges = 24 * (i - 1), triangles = 4 * i2 - 12 * i + 8, squares = 6 * (i - 1) * (i - 1);
    const double own =
        0.6 * ((10 * i3 / 3 - 5 * i2 + 11 * i / 3 - 1) * cut.moment(12) + edges * cut.shifted(7, 5.4) +
               12 * cut.shifted(5, (27 + 12 * std::numbers::sqrt2) / 5) + triangles * cut.shifted(9, 1.2) +
               squares * cut.shifted(8, 4.8));
    const double apart =
        4 / (cut.delta * cut.delta) *
        (inner * (1.4 * i5 - 3.5 * i4 + 4 * i3 - 2.5 * i2 + 0.6 * i) + 12 * corner * i2 +
         edge * (20 * i3 - 24 * i2 + 4 * i) + triangle * (3 * i4 - 10 * i3 + 9 * i2 - 2 * i) +
         square * (4 * i4 - 10 * i3 + 8 * i2 - 2 * i));
    const double mass = inner / 3 * (2 * i - 1) * (5 * i2 - 5 * i + 3) + edges * edge + 12 * corner +
                        triangles * triangle + squares * square;
    const double spheres = 1 + 10 * i3 / 3 + 5 * i2 + 11 * i / 3;
    return spheres / std::pow((own + apart) / mass, 1.5);
}

}  // namespace

LimitingPrefactors granulated_prefactors(double n, double delta) {
    const CutSphere cut{delta};
    return {chain(n, cut), sheet(n, cut), compact(n, cut)};
}

// A bar of n cubes, a square plate, a cube; the scaling law is that of 2 Rg in sides of a cube.
LimitingPrefactors voxel_prefactors(double n) {
    return {0.5 / std::sqrt((0.5 + 1 / (n * n)) / 6), n / (2 * n / 3 + 1.0 / 3), 1};
}

double prefactor_at(const LimitingPrefactors& limits, double df) {
    // Lagrange's parabola through Df = 1, 2, 3.
    return limits.chain * (df - 2) * (df - 3) / 2 - limits.sheet * (df - 1) * (df - 3) +
           limits.compact * (df - 1) * (df - 2) / 2;
}

}  // namespace assistd::analysis
