// The law of first arrival at a sphere, against its known moments and against walks that use nothing of it.

#include "engine/poisson_kernel.h"

#include "tests/support.h"

namespace assistd::simulation {
namespace {

constexpr int draws = 40000;

template <int D>
Vec<D> slanted_axis() {
    Vec<D> axis;
    for (int i = 0; i < D; ++i) axis[i] = 1.0 + i;
    return axis * (1 / norm(axis));
}

// Walk on spheres outside the unit sphere from `start` until 1e-5 away; false when it went to infinity.
// Beyond 1e4 radii where a path meets the sphere again no longer depends on where it was.
template <int D>
bool walk_to_unit_sphere(Random& random, Vec<D> at, Vec<D>& arrived) {
    for (;;) {
        const double far = norm(at);
        if (far < 1 + 1e-5) {
            arrived = at * (1 / far);
            return true;
        }
        if (far > 1e4) {
            if (D == 3) return false;
            arrived = random.direction<D>();
            return true;
        }
        at += random.direction<D>() * (far - 1);
    }
}

template <int D>
void matches_brute_force(double far) {
    Random random(7);
    const Vec<D> axis = slanted_axis<D>();
    std::vector<double> kernel, walked;
    int back = 0;
    for (int i = 0; i < draws; ++i) {
        kernel.push_back(dot(axis, poisson_direction<D>(random, axis, 1 / far)));
        Vec<D> arrived;
        if (!walk_to_unit_sphere<D>(random, axis * far, arrived)) continue;
        ++back;
        walked.push_back(dot(axis, arrived));
    }
    EXPECT_LT(kolmogorov_smirnov(kernel, walked), 2.2) << D << "-D from " << far;
    const double chance = D == 2 ? 1 : 1 / far;
    EXPECT_NEAR(static_cast<double>(back) / draws, chance, 4 * std::sqrt(0.25 / draws));
}

TEST(PoissonKernel, FirstReturnFromFarAwayAgreesWithWalks) {
    for (const double far : {1.2, 2.0, 5.0}) {
        matches_brute_force<2>(far);
        matches_brute_force<3>(far);
    }
}

// The mean of the n-th circular (Legendre) harmonic is kappa^n: it is the harmonic function with these
// boundary values.
template <int D>
void has_harmonic_moments(double kappa) {
    Random random(11);
    const Vec<D> axis = slanted_axis<D>();
    double first = 0, second = 0;
    for (int i = 0; i < draws; ++i) {
        const Vec<D> place = poisson_direction<D>(random, axis, kappa);
        ASSERT_NEAR(norm(place), 1, 1e-13);
        const double c = dot(axis, place);
        first += c / draws;
        second += (D == 2 ? 2 * c * c - 1 : 1.5 * c * c - 0.5) / draws;
    }
    const double error = 4.5 * std::sqrt(0.5 / draws);
    EXPECT_NEAR(first, kappa, error) << D << "-D, kappa " << kappa;
    EXPECT_NEAR(second, kappa * kappa, error) << D << "-D, kappa " << kappa;
}

TEST(PoissonKernel, HarmonicMomentsOnBothSidesOfTheCentre) {
    for (const double kappa : {-0.7, -0.1, 0.0, 1e-9, 0.3, 0.95, 0.9999}) {
        has_harmonic_moments<2>(kappa);
        has_harmonic_moments<3>(kappa);
    }
}

TEST(PoissonKernel, TheSidewaysDirectionIsEven) {
    Random random(3);
    const Vec<3> axis = slanted_axis<3>();
    Vec<3> sum;
    for (int i = 0; i < draws; ++i) sum += poisson_direction<3>(random, axis, 0.5) * (1.0 / draws);
    const Vec<3> off = sum - axis * 0.5;
    EXPECT_LT(norm(off), 5 * std::sqrt(1.0 / draws));
}

TEST(Random, SameSeedSameNumbersAndKnownFirstValue) {
    Random one(12345), same(12345), other(12346);
    const std::uint64_t first = one.next();
    EXPECT_EQ(first, same.next());
    EXPECT_NE(first, other.next());
    // The reference implementation of splitmix64 and xoshiro256++, seed 12345: a change here changes every
    // cluster.
    EXPECT_EQ(first, 0x8d948a82def8a568u);
}

}  // namespace
}  // namespace assistd::simulation
