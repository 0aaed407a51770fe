#include "algorithms/tunable.h"

#include <gmock/gmock.h>

#include <cstring>
#include <numbers>

#include "algorithms/tunable_law.h"
#include "engine/free_arcs.h"
#include "tests/support.h"

namespace assistd::simulation {
namespace {

using ::testing::HasSubstr;

struct Pair {
    double df, kf, sigma_g;
};
// The pairs of Moran et al. 2019.
constexpr Pair pairs[] = {{2.40, 0.80, 1}, {1.79, 1.40, 1}, {1.40, 1.80, 1},
                          {2.60, 0.25, 2}, {1.68, 0.98, 2}, {1.30, 1.50, 2}};

TunableParameters tunable_of(const Pair& pair, std::size_t particles, bool clusters, std::uint64_t seed) {
    TunableParameters parameters;
    parameters.n_particles = particles;
    parameters.target_df = pair.df;
    parameters.target_kf = pair.kf;
    parameters.cluster_cluster = clusters;
    parameters.seed = seed;
    if (pair.sigma_g > 1) parameters.sizes = {SizeLaw::Kind::lognormal, 1, 1, pair.sigma_g};
    return parameters;
}

TunableCluster build(const TunableParameters& parameters) {
    Silent observer;
    return grow_tunable(parameters, observer);
}

double geometric_mean_radius(const Cluster& cluster) {
    double sum = 0;
    for (const Particle& each : cluster.particles) sum += std::log(each.radius);
    return std::exp(sum / static_cast<double>(cluster.particles.size()));
}

// The contacts are a tree: every particle but one has a parent that it touches, and all hang together.
void expect_one_tree(const Cluster& cluster, double sintering) {
    std::size_t roots = 0;
    for (std::size_t i = 0; i < cluster.particles.size(); ++i) {
        const Particle& each = cluster.particles[i];
        if (each.parent < 0) {
            ++roots;
            continue;
        }
        const Particle& parent = cluster.particles[static_cast<std::size_t>(each.parent)];
        const double off = std::hypot(each.x - parent.x, each.y - parent.y, each.z - parent.z);
        ASSERT_NEAR(off, sintering * (each.radius + parent.radius), 1e-9) << i;
        std::size_t steps = 0;
        for (auto at = static_cast<std::int32_t>(i); at >= 0; ++steps) {
            ASSERT_LE(steps, cluster.particles.size()) << "a ring through " << i;
            at = cluster.particles[static_cast<std::size_t>(at)].parent;
        }
    }
    EXPECT_EQ(roots, 1u);
}

TEST(TunableLaw, MergeDistanceIsThePublishedOne) {
    // Two clusters of 4 and 6 equal spheres, by hand.
    const TunableLaw law{1.8, 1.3, 1};
    const Bulk one{4, 2.5}, other{6, 4.25};
    const double rg2 = std::pow(10 / 1.3, 2 / 1.8);
    EXPECT_NEAR(law.merge_distance_squared(one, other), 100.0 / 24 * rg2 - 10.0 / 6 * 2.5 - 10.0 / 4 * 4.25,
                1e-12);
    const Bulk both = one.joined(other, std::sqrt(law.merge_distance_squared(one, other)));
    EXPECT_NEAR(both.rg_squared, rg2, 1e-12);
    // Two touching spheres: Rg^2 = 1 + 3/5.
    EXPECT_NEAR(Bulk::of_sphere(1).joined(Bulk::of_sphere(1), 2).rg_squared, 1.6, 1e-15);
}

TEST(FreeArcs, FindsWhatIsLeftAndNothingElse) {
    constexpr double pi = std::numbers::pi;
    Random random(1);
    FreeArcs arcs;
    EXPECT_TRUE(arcs.choose(random).has_value());
    // All but 1.0 .. 1.1.
    arcs.block(1.1 + 1.5, 1.5);
    arcs.block(1.0 - 1.6, 1.6);
    arcs.block(pi + 1, 1.2);
    for (int i = 0; i < 100; ++i) {
        const auto angle = arcs.choose(random);
        ASSERT_TRUE(angle.has_value());
        EXPECT_GT(*angle, 1.0);
        EXPECT_LT(*angle, 1.1);
    }
    arcs.block(1.05, 0.06);
    EXPECT_FALSE(arcs.choose(random).has_value());
    arcs.clear();
    EXPECT_TRUE(arcs.choose(random).has_value());
    // The short way to know is right as well.
    for (int i = 0; i < 8; ++i) arcs.block(i * pi / 4, pi / 4 + 0.01);
    EXPECT_TRUE(arcs.surely_none());
}

// Rg, measured from the geometry, is the target's; no pair overlaps; what touches is one tree.
TEST(Tunable, ReachesItsTargetWithoutOverlap) {
    for (const Pair& pair : pairs) {
        for (const bool clusters : {false, true}) {
            for (const std::size_t particles : {20u, 97u, 400u}) {
                SCOPED_TRACE(::testing::Message()
                             << pair.df << " " << pair.kf << " " << clusters << " " << particles);
                const TunableCluster grown = build(tunable_of(pair, particles, clusters, 7));
                ASSERT_EQ(grown.cluster.particles.size(), particles);
                const double n = static_cast<double>(particles);
                EXPECT_NEAR(gyration(grown.cluster.particles).radius, std::pow(n / pair.kf, 1 / pair.df),
                            1e-7 * n);
                EXPECT_NEAR(geometric_mean_radius(grown.cluster), 1, 1e-7);
                const Contacts touching = contacts_of(grown.cluster);
                EXPECT_LT(touching.largest_overlap, 1e-9);
                EXPECT_EQ(touching.overlapping, 0u);
                EXPECT_GE(touching.pairs, particles - 1);
                expect_one_tree(grown.cluster, 1);
            }
        }
    }
}

TEST(Tunable, EqualSpheresHaveOneContactFewerThanSpheres) {
    for (const bool clusters : {false, true})
        EXPECT_EQ(contacts_of(build(tunable_of(pairs[1], 500, clusters, 3)).cluster).pairs, 499u);
}

// Fifty clusters of 20 to 1024 spheres, evenly in log N: the line through all of them is the target's.
TEST(Tunable, EnsembleIsWithinOnePercentOfItsTarget) {
    for (const Pair& pair : pairs) {
        for (const bool clusters : {false, true}) {
            std::vector<GrowthPoint> points;
            for (int i = 0; i < 50; ++i) {
                const auto particles = static_cast<std::size_t>(std::round(20 * std::pow(51.2, i / 49.0)));
                // The hardest pair of the broad radii takes a second for a large cluster; the long test has
                // those.
                if (pair.df == 2.60 && clusters && particles > 300) continue;
                const Cluster cluster =
                    build(tunable_of(pair, particles, clusters, 100 + std::uint64_t(i))).cluster;
                points.push_back({particles, gyration(cluster.particles).radius});
            }
            const GrowthFit fit = fit_growth(points);
            ASSERT_TRUE(fit.valid);
            EXPECT_NEAR(fit.df, pair.df, 0.01 * pair.df) << clusters;
            EXPECT_NEAR(fit.kf, pair.kf, 0.01 * pair.kf) << clusters;
            EXPECT_GT(fit.r_squared, 0.999999);
        }
    }
}

TEST(Tunable, SinteredContactsAreAsDeepAsAsked) {
    for (const bool clusters : {false, true}) {
        TunableParameters parameters = tunable_of(pairs[1], 200, clusters, 5);
        parameters.sintering = 0.8;
        Cluster cluster = build(parameters).cluster;
        EXPECT_NEAR(gyration(cluster.particles).radius, std::pow(200 / 1.4, 1 / 1.79), 1e-9);
        expect_one_tree(cluster, 0.8);
        for (Particle& each : cluster.particles) each.radius *= 0.8;
        EXPECT_EQ(contacts_of(cluster).overlapping, 0u);
    }
}

TEST(Tunable, SameSeedGivesTheSameBytes) {
    for (const bool clusters : {false, true}) {
        const TunableParameters parameters = tunable_of(pairs[4], 300, clusters, 11);
        const auto first = build(parameters).cluster.particles;
        const auto again = build(parameters).cluster.particles;
        ASSERT_EQ(first.size(), again.size());
        EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(Particle)), 0);
        const auto other = build(tunable_of(pairs[4], 300, clusters, 12)).cluster.particles;
        EXPECT_NE(std::memcmp(first.data(), other.data(), first.size() * sizeof(Particle)), 0);
    }
}

TEST(Tunable, SeedClustersMayHaveAnySize) {
    for (const std::size_t size : {2u, 3u, 17u, 100u}) {
        TunableParameters parameters = tunable_of(pairs[1], 200, true, 2);
        parameters.seed_cluster_size = size;
        EXPECT_NEAR(gyration(build(parameters).cluster.particles).radius, std::pow(200 / 1.4, 1 / 1.79), 1e-9)
            << size;
    }
    EXPECT_EQ(seed_cluster_size_for(20), 5u);
    EXPECT_EQ(seed_cluster_size_for(256), 25u);
    EXPECT_EQ(seed_cluster_size_for(5000), 50u);
}

// In processor time, since other tests share the cores; a second where a few hundredths are taken leaves room
// for sanitizers.
TEST(Tunable, TakesLittleTime) {
    for (const bool clusters : {false, true}) {
        const auto begin = processor_time();
        build(tunable_of(pairs[1], 1024, clusters, 1));
        EXPECT_LT(processor_time() - begin, std::chrono::seconds(1));
    }
}

std::string refusal(const Pair& pair, std::size_t particles, bool clusters) {
    try {
        build(tunable_of(pair, particles, clusters, 1));
    } catch (const OutOfReach& refused) {
        EXPECT_EQ(refused.field(), "target_kf");
        return refused.what();
    }
    return "";
}

TEST(Tunable, RefusesWhatCannotBeReachedAndSaysWhatToChange) {
    for (const bool clusters : {false, true}) {
        EXPECT_THAT(
            refusal({1, 1.3, 1}, 100, clusters),
            HasSubstr(
                "100 touching spheres reach at most Rg = 57.74 a, as a straight chain. Raise target_kf"));
        EXPECT_THAT(refusal({3, 2, 1}, 100, clusters), HasSubstr("densest packing"));
        EXPECT_THAT(refusal({3, 1.55, 1}, 100, clusters), HasSubstr("overlap"));
    }
    EXPECT_THAT(refusal({1, 0.5, 2}, 50, true), HasSubstr("do not reach each other"));
}

class StopsAt : public Silent {
  public:
    explicit StopsAt(int looks) : left_(looks) {}
    bool should_stop() override { return --left_ < 0; }

  private:
    int left_;
};

TEST(Tunable, StopsWhenAsked) {
    for (const bool clusters : {false, true}) {
        StopsAt observer(3);
        EXPECT_THROW(grow_tunable(tunable_of(pairs[1], 100000, clusters, 1), observer), Stopped);
    }
}

}  // namespace
}  // namespace assistd::simulation
