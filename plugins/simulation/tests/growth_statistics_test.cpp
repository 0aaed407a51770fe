// Fractal dimensions of small ensembles, a few seconds together; growth_statistics_long_test.cpp has the
// large ones and the sources. Bounds are the literature's, and where the ensemble is too small for those,
// wider ones.

#include "tests/growths.h"

namespace assistd::simulation {
namespace {

const Algorithm& algorithm_named(const std::vector<Algorithm>& all, const std::string& name) {
    return *std::find_if(all.begin(), all.end(), [&](const Algorithm& each) { return each.name == name; });
}

EnsembleFit fit_of(const std::string& name, int dimensions, std::size_t particles, int seeds) {
    const std::vector<Algorithm> all = growth_algorithms();
    return ensemble_fit(algorithm_named(all, name), dimensions, particles, seeds);
}

TEST(GrowthStatistics, DiffusionLimitedClusterAggregationIn3D) {
    const EnsembleFit fit = fit_of("cca", 3, 500, 24);
    EXPECT_NEAR(fit.df.mean, 1.78, 0.07) << "standard error " << fit.df.standard_error;
    EXPECT_NEAR(fit.kf.mean, 1.40, 0.2);
}

TEST(GrowthStatistics, DiffusionLimitedClusterAggregationIn2D) {
    const EnsembleFit fit = fit_of("cca", 2, 500, 16);
    EXPECT_NEAR(fit.df.mean, 1.44, 0.08) << "standard error " << fit.df.standard_error;
}

TEST(GrowthStatistics, RareStickingMakesDenserAgglomerates) {
    std::array<double, 3> rg{};
    Silent observer;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CcaParameters parameters = cca_of(growth_of(3, 200, seed));
        const std::array<double, 3> sticking{1, 0.05, reaction_limit};
        for (std::size_t i = 0; i < 3; ++i) {
            parameters.sticking_probability = sticking[i];
            rg[i] += grow_cca(parameters, observer).largest.growth.back().radius_of_gyration / 8;
        }
    }
    EXPECT_LT(rg[1], 0.95 * rg[0]);
    EXPECT_LT(rg[2], 0.95 * rg[0]);
}

// Lin et al., Phys. Rev. A 41 (1990) 2005.
TEST(GrowthStatistics, ReactionLimitedClusterAggregationIn3D) {
    const std::vector<Algorithm> all = growth_algorithms();
    const EnsembleFit fit = ensemble_fit(algorithm_named(all, "reaction-limited cca"), 3, 1000, 60);
    EXPECT_NEAR(fit.together.df, 2.1, 0.1) << "single clusters " << fit.df.mean;
}

TEST(GrowthStatistics, ReactionLimitedClustersJoinInTheFullestBoxToo) {
    Silent observer;
    CcaParameters parameters = cca_of(growth_of(3, 300, 1));
    parameters.sticking_probability = reaction_limit;
    parameters.volume_fraction = largest_filling;
    const auto before = processor_time();
    EXPECT_EQ(contacts_of(grow_cca(parameters, observer).largest).pairs, 299u);
    EXPECT_LT(processor_time() - before, std::chrono::seconds(20));
}

TEST(GrowthStatistics, BallisticClusterAggregationIn3D) {
    const EnsembleFit fit = fit_of("ballistic_cc", 3, 4096, 40);
    EXPECT_NEAR(fit.df.mean, 1.88, 0.07) << "standard error " << fit.df.standard_error;
}

TEST(GrowthStatistics, BallisticParticleAggregationIn3D) {
    const EnsembleFit fit = fit_of("ballistic", 3, 256, 50);
    EXPECT_NEAR(fit.df.mean, 2.73, 0.12) << "standard error " << fit.df.standard_error;
}

TEST(GrowthStatistics, EdenClustersAreCompact) {
    // The packing inside does not change with size, and is dense; the surface is thin.
    for (const int dimensions : {2, 3}) {
        const std::vector<Algorithm> all = growth_algorithms();
        const Cluster cluster =
            grow(algorithm_named(all, "eden"), growth_of(dimensions, dimensions == 2 ? 10000 : 40000, 3));
        const double rg = cluster.growth.back().radius_of_gyration;
        const auto filling = [&](double radius) {
            double inside = 0;
            for (const Particle& each : cluster.particles)
                if (std::hypot(each.x, each.y, each.z) < radius) inside += 1;
            return inside / std::pow(radius, dimensions);
        };
        // Of the ball with the radius 0.6 Rg and of half of that: alike within a few per cent.
        EXPECT_NEAR(filling(0.6 * rg) / filling(0.3 * rg), 1, 0.12) << dimensions;
        EXPECT_GT(filling(0.6 * rg), dimensions == 2 ? 0.55 : 0.3) << dimensions;
        EXPECT_NEAR(fit_growth(cluster.growth).df, dimensions, 0.35) << dimensions;
    }
}

TEST(GrowthStatistics, GrowInAllDirectionsAlike) {
    // The mean square extent of many small clusters is the same along each axis.
    for (const Algorithm& algorithm : growth_algorithms()) {
        if (algorithm.name.ends_with(" cca")) continue;
        std::array<double, 3> squares{};
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            const Cluster cluster = grow(algorithm, growth_of(3, 30, seed));
            std::array<double, 3> mean{}, square{};
            for (const Particle& each : cluster.particles) {
                const std::array<double, 3> at{each.x, each.y, each.z};
                for (std::size_t axis = 0; axis < 3; ++axis) {
                    mean[axis] += at[axis] / 30;
                    square[axis] += at[axis] * at[axis] / 30;
                }
            }
            for (std::size_t axis = 0; axis < 3; ++axis)
                squares[axis] += (square[axis] - mean[axis] * mean[axis]) / 200;
        }
        EXPECT_NEAR(squares[1] / squares[0], 1, 0.3) << algorithm.name;
        EXPECT_NEAR(squares[2] / squares[0], 1, 0.3) << algorithm.name;
    }
}

TEST(GrowthStatistics, APopulationHoldsAllParticles) {
    Silent observer;
    CcaParameters parameters = cca_of(growth_of(3, 1000, 4));
    parameters.clusters_left = 12;
    const Population population = grow_cca(parameters, observer);
    ASSERT_EQ(population.clusters.size(), 12u);
    std::size_t sum = 0;
    for (const GrowthPoint& each : population.clusters) sum += each.particles;
    EXPECT_EQ(sum, 1000u);
    EXPECT_EQ(population.largest.particles.size(), population.clusters[0].particles);
    EXPECT_EQ(contacts_of(population.largest).pairs, population.largest.particles.size() - 1);
    EXPECT_NEAR(gyration(population.largest.particles).radius, population.clusters[0].radius_of_gyration,
                1e-9);
}

TEST(GrowthStatistics, ABoxThatIsTooSmallIsRefusedWithTheNumbers) {
    Silent observer;
    CcaParameters parameters = cca_of(growth_of(3, 1000, 4));
    parameters.box_size = 20;
    try {
        grow_cca(parameters, observer);
        ADD_FAILURE() << "it was taken";
    } catch (const BoxIsFull& full) {
        EXPECT_NE(std::string(full.what()).find("52.4 %"), std::string::npos) << full.what();
    }
}

}  // namespace
}  // namespace assistd::simulation
