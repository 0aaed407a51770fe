#include "analysis/fraktal/model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "analysis/fraktal/projection.h"
#include "clusters.h"

namespace assistd::analysis {
namespace {

// kf = n (a / Rg)^Df of the exactly known bodies of touching spheres.
TEST(FraktalPrefactors, AreThoseOfTheLimitingBodies) {
    EXPECT_NEAR(granulated_prefactors(13, 1).compact, 1.46186437, 1e-8);
    EXPECT_NEAR(granulated_prefactors(55, 1).compact, 1.49272836, 1e-8);
    EXPECT_NEAR(granulated_prefactors(147, 1).compact, 1.5090099, 1e-7);
    for (const double n : {7.0, 19.0, 331.0}) {
        const double rg2 = 0.6 + (5 * n * n - 4 * n - 1) / (9 * n);
        EXPECT_NEAR(granulated_prefactors(n, 1).sheet, n / rg2, 1e-9) << n;
    }
    for (const double n : {10.0, 100.0}) {
        const double rg2 = (n * n - 1) / 3 + 0.6;
        EXPECT_NEAR(granulated_prefactors(n, 1).chain, n / std::sqrt(rg2), 1e-9) << n;
    }
    const LimitingPrefactors many = granulated_prefactors(1e7, 1);
    EXPECT_NEAR(many.chain, std::sqrt(3), 1e-4);
    EXPECT_NEAR(many.sheet, 1.8, 1e-3);
}

// Two spheres that overlap, cut apart in the middle: Rg by integration over the two pieces.
TEST(FraktalPrefactors, KnowOverlap) {
    const double delta = 1.25, half = 1 / delta;  // of the distance, in radii
    double volume = 0, moment = 0;
    constexpr int steps = 200000;
    for (int i = 0; i < steps; ++i) {
        const double x = -1 + (half + 1) * (i + 0.5) / steps;  // from the sphere's centre, towards the other
        const double slice = 1 - x * x;                        // squared radius of the disc there
        const double weight = slice * (half + 1) / steps;
        volume += weight;
        moment += weight * ((half - x) * (half - x) + slice / 2);
    }
    const double rg = std::sqrt(moment / volume);
    EXPECT_NEAR(granulated_prefactors(2, delta).chain, 2 / rg, 2e-3);
}

TEST(FraktalPrefactors, OfVoxelsAreThoseOfBarPlateAndCube) {
    // Of n cubes of side 1: Rg^2 = (a^2 + b^2 + c^2) / 12, kf = n / (2 Rg)^Df.
    const double n = 64;
    const LimitingPrefactors limits = voxel_prefactors(n);
    EXPECT_NEAR(limits.chain, n / (2 * std::sqrt((n * n + 2) / 12)), 1e-12);
    EXPECT_NEAR(limits.sheet, n / (4 * (n + n + 1) / 12), 1e-12);
    EXPECT_NEAR(limits.compact, n / std::pow(2 * std::sqrt(3 * 16 / 12.0), 3), 1e-12);
}

TEST(FraktalPrefactors, LieOnAParabola) {
    const LimitingPrefactors limits{1.7, 1.8, 1.5};
    EXPECT_DOUBLE_EQ(prefactor_at(limits, 1), 1.7);
    EXPECT_DOUBLE_EQ(prefactor_at(limits, 2), 1.8);
    EXPECT_DOUBLE_EQ(prefactor_at(limits, 3), 1.5);
}

Silhouette seen(const std::vector<Particle>& particles, const Direction& direction) {
    const Projection projection = project(particles, direction, 0, [] {});
    return measured(projection.mask, projection.pixel);
}

struct Means {
    double df = 0;
    double npo = 0;
    int solved = 0;
};
Means over_directions(const std::vector<Particle>& particles, int directions, FraktalOptions options) {
    Means means;
    options.primary_diameter = 2;
    for (int seed = 1; seed <= directions; ++seed) try {
            const Fraktal result =
                fraktal_of(seen(particles, random_direction(static_cast<std::uint64_t>(seed))), options);
            means.df += result.df;
            means.npo += result.npo.value();
            ++means.solved;
        } catch (const FraktalRefused&) {}
    means.df /= means.solved;
    means.npo /= means.solved;
    return means;
}

TEST(Fraktal, FindsAChain) {
    const Means chain = over_directions(block(50, 1, 1), 40, {});
    EXPECT_GE(chain.solved, 36);  // end on it looks like one sphere
    EXPECT_NEAR(chain.df, 1.05, 0.1);
    EXPECT_NEAR(chain.npo, 50, 6);
}

TEST(Fraktal, FindsASheet) {
    const Means sheet = over_directions(block(15, 15, 1), 40, {});
    EXPECT_GE(sheet.solved, 20);
    EXPECT_NEAR(sheet.df, 2, 0.15);
    EXPECT_NEAR(sheet.npo, 225, 60);
}

TEST(Fraktal, FindsAggregatesOfClusters) {
    std::mt19937_64 random(3);
    double df = 0, npo = 0;
    int solved = 0;
    for (int i = 0; i < 20; ++i) {
        const Means means = over_directions(ballistic_aggregate(8, random), 3, {});
        df += means.df / 20;
        npo += means.npo / 20;
        solved += means.solved;
    }
    EXPECT_EQ(solved, 60);
    EXPECT_NEAR(df, 1.88, 0.1);
    EXPECT_NEAR(npo, 256, 26);
}

// The equations themselves: what is found solves both of them.
TEST(Fraktal, SolvesItsEquations) {
    FraktalOptions options{.primary_diameter = 2};
    const Silhouette silhouette = seen(block(50, 1, 1), {0, 0, 1});
    const Fraktal result = fraktal_of(silhouette, options);
    EXPECT_NEAR(result.units, result.kf * std::pow(result.rg, result.df), 1e-6 * result.units);
    EXPECT_NEAR(result.units, std::pow(silhouette.area / std::numbers::pi, result.overlap_exponent),
                1e-5 * result.units);
    EXPECT_NEAR(result.kf, prefactor_at(granulated_prefactors(result.units, 1), result.df), 1e-6);
    EXPECT_DOUBLE_EQ(result.npo.value(), result.units);
    EXPECT_NEAR(result.volume, result.units * 4 * std::numbers::pi / 3, 1e-6 * result.volume);
    EXPECT_NEAR(result.surface, result.units * 4 * std::numbers::pi, 1e-6 * result.surface);
}

TEST(Fraktal, DoesNotDependOnTheUnit) {
    const Silhouette silhouette = seen(block(50, 1, 1), {0, 0, 1});
    const Fraktal one = fraktal_of(silhouette, {.primary_diameter = 2});
    const Fraktal other = fraktal_of({silhouette.area * 100, silhouette.rg * 10, silhouette.pixel * 10},
                                     {.primary_diameter = 20});
    EXPECT_NEAR(one.df, other.df, 1e-8);
    EXPECT_NEAR(one.volume * 1000, other.volume, 1e-5 * other.volume);
}

TEST(Fraktal, OverlapTakesVolumeAndSurface) {
    std::vector<Particle> chain = block(50, 1, 1);
    for (Particle& particle : chain) particle.x /= 1.1;
    const Fraktal result = fraktal_of(seen(chain, {0, 0, 1}), {.primary_diameter = 2, .delta = 1.1});
    EXPECT_NEAR(result.units, 50, 12);
    EXPECT_LT(result.volume, result.units * 4 * std::numbers::pi / 3);
    EXPECT_LT(result.surface, result.units * 4 * std::numbers::pi);
    EXPECT_GE(result.coordination.value(), 2);
}

TEST(Fraktal, VoxelsOfABarAreOfDimensionOne) {
    Mask bar(300, 1);
    std::fill(bar.pixels.begin(), bar.pixels.end(), std::uint8_t{1});
    const Fraktal result = fraktal_of(measured(bar, 1), {.model = FraktalModel::voxel_2018});
    EXPECT_NEAR(result.df, 1, 0.08);
    EXPECT_FALSE(result.npo);
    EXPECT_DOUBLE_EQ(result.volume, result.units);
}

TEST(Fraktal, CorrectsRgInNanometres) {
    const Silhouette silhouette{2e4, 100, 1};
    const Fraktal plain = fraktal_of(silhouette, {.primary_diameter = 25});
    const Fraktal corrected =
        fraktal_of(silhouette, {.primary_diameter = 25, .correction_3d = true, .nanometres = 1});
    EXPECT_DOUBLE_EQ(plain.rg, 100);
    EXPECT_NEAR(corrected.rg, 100 + 2.165e-5 * std::pow(100, 2.928), 1e-9);
    EXPECT_LT(corrected.df, plain.df);
}

std::string refusal(const Silhouette& silhouette, const FraktalOptions& options) {
    try {
        fraktal_of(silhouette, options);
    } catch (const FraktalRefused& refused) {
        return refused.what();
    }
    return "accepted";
}

TEST(Fraktal, SaysWhyThereIsNoDimension) {
    EXPECT_NE(refusal(seen(block(7, 7, 7), {0.6, 0, 0.8}), {.primary_diameter = 2}).find("more compact"),
              std::string::npos);
    EXPECT_NE(refusal(seen(block(50, 1, 1), {1, 0, 0}), {.primary_diameter = 2}).find("at least 5"),
              std::string::npos);
    EXPECT_NE(refusal({20000, 5000, 1}, {.primary_diameter = 25}).find("longer for its area"),
              std::string::npos);
    EXPECT_NE(
        refusal({2e4, 100, 1}, {.primary_diameter = 25, .delta = 1.2, .correction_3d = true, .nanometres = 1})
            .find("above 1.11"),
        std::string::npos);
}

}  // namespace
}  // namespace assistd::analysis
