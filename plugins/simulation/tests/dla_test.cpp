// Whole clusters: exactness, repeatability, statistics.

#include "algorithms/dla.h"

#include "tests/support.h"

namespace assistd::simulation {
namespace {

bool same(const Cluster& one, const Cluster& other) {
    if (one.particles.size() != other.particles.size()) return false;
    return std::memcmp(one.particles.data(), other.particles.data(),
                       one.particles.size() * sizeof(Particle)) == 0;
}

TEST(Dla, HasExactlyOneContactForEachParticleAndNoOverlap) {
    for (const int dimensions : {2, 3}) {
        const Cluster cluster = grow(dla_of(dimensions, 20000, 42));
        const Contacts touching = contacts_of(cluster);
        EXPECT_EQ(touching.pairs, 19999u) << dimensions << "-D";
        EXPECT_LT(touching.largest_overlap, 1e-10) << dimensions << "-D";
        EXPECT_EQ(cluster.particles[0].parent, -1);
        for (std::size_t i = 1; i < cluster.particles.size(); ++i) {
            const Particle& one = cluster.particles[i];
            ASSERT_GE(one.parent, 0);
            ASSERT_LT(one.parent, static_cast<std::int32_t>(i));
            const Particle& parent = cluster.particles[static_cast<std::size_t>(one.parent)];
            ASSERT_NEAR(std::hypot(one.x - parent.x, one.y - parent.y, one.z - parent.z), 2, 1e-10);
            if (dimensions == 2) {
                ASSERT_EQ(one.z, 0);
            }
        }
    }
}

TEST(Dla, SameSeedIsBitIdenticalAndAnotherSeedIsNot) {
    for (const int dimensions : {2, 3}) {
        const Cluster first = grow(dla_of(dimensions, 3000, 7));
        EXPECT_TRUE(same(first, grow(dla_of(dimensions, 3000, 7))));
        EXPECT_FALSE(same(first, grow(dla_of(dimensions, 3000, 8))));
    }
}

TEST(Dla, UnequalRadiiTouchWithoutOverlap) {
    for (const int dimensions : {2, 3}) {
        DlaParameters parameters = dla_of(dimensions, 3000, 3);
        parameters.sizes.kind = SizeLaw::Kind::lognormal;
        parameters.sizes.sigma_g = 1.6;
        const Cluster lognormal = grow(parameters);
        const Contacts touching = contacts_of(lognormal);
        EXPECT_EQ(touching.pairs, 2999u);
        EXPECT_LT(touching.largest_overlap, 1e-10);
        double logs = 0, squares = 0;
        for (const Particle& each : lognormal.particles) {
            logs += std::log(each.radius) / 3000;
            squares += std::pow(std::log(each.radius), 2) / 3000;
        }
        EXPECT_NEAR(std::exp(logs), 1, 0.05);
        EXPECT_NEAR(std::exp(std::sqrt(squares - logs * logs)), 1.6, 0.05);

        parameters.sizes = {SizeLaw::Kind::uniform, 0.2, 1.8, 1};
        const Contacts uniform = contacts_of(grow(parameters));
        EXPECT_EQ(uniform.pairs, 2999u);
        EXPECT_LT(uniform.largest_overlap, 1e-10);
    }
}

TEST(Dla, SinteringSetsTheDistanceToTheParent) {
    for (const int dimensions : {2, 3}) {
        DlaParameters parameters = dla_of(dimensions, 2000, 9);
        parameters.sintering.value = 0.7;
        const Cluster cluster = grow(parameters);
        for (std::size_t i = 1; i < cluster.particles.size(); ++i) {
            const Particle& one = cluster.particles[i];
            const Particle& parent = cluster.particles[static_cast<std::size_t>(one.parent)];
            ASSERT_NEAR(std::hypot(one.x - parent.x, one.y - parent.y, one.z - parent.z), 1.4, 1e-10);
        }
        EXPECT_NEAR(contacts_of(cluster).largest_overlap, 0.6, 1e-10);
        parameters.sintering = {SinteringLaw::Kind::uniform, 1, 0.6, 0.9, 0};
        EXPECT_NEAR(contacts_of(grow(parameters)).largest_overlap, 0.8, 0.01);
        parameters.sintering = {SinteringLaw::Kind::normal, 0.8, 1, 1, 0.05};
        EXPECT_LE(contacts_of(grow(parameters)).largest_overlap, 1.0 + 1e-10);
    }
}

TEST(Dla, RareStickingMakesDenserClusters) {
    for (const int dimensions : {2, 3}) {
        DlaParameters parameters = dla_of(dimensions, 3000, 5);
        const double open = grow(parameters).growth.back().radius_of_gyration;
        parameters.sticking_probability = 0.02;
        const Cluster dense = grow(parameters);
        EXPECT_LT(dense.growth.back().radius_of_gyration, 0.85 * open) << dimensions << "-D";
        EXPECT_EQ(contacts_of(dense).pairs, 2999u);
    }
}

TEST(Dla, RgOfTheGrowthIsThatOfTheParticles) {
    for (const int dimensions : {2, 3}) {
        DlaParameters parameters = dla_of(dimensions, 2000, 5);
        parameters.sizes = {SizeLaw::Kind::uniform, 0.5, 1.5, 1};
        const Cluster cluster = grow(parameters);
        EXPECT_LE(cluster.growth.size(), 200u);
        EXPECT_EQ(cluster.growth.back().particles, 2000u);
        for (const GrowthPoint& point : cluster.growth) {
            const std::span<const Particle> part(cluster.particles.data(), point.particles);
            ASSERT_NEAR(gyration(part).radius, point.radius_of_gyration, 1e-9 * point.radius_of_gyration);
        }
    }
}

TEST(Dla, MemoryStaysUnder64BytesAParticle) {
    for (const int dimensions : {2, 3}) {
        for (const std::size_t particles : {10'000, 100'000}) {
            EXPECT_LT(grow(dla_of(dimensions, particles, 1)).growth_bytes_per_particle, 64)
                << particles << " particles in " << dimensions << " dimensions";
        }
    }
}

class StopsAfter : public Observer {
  public:
    void on_progress(std::size_t placed, double) override { placed_ = placed; }
    bool should_stop() override {
        const auto now = processor_time();
        if (asked_ > 0) longest_ = std::max(longest_, now - last_);
        last_ = now;
        return ++asked_ > 20;
    }
    std::size_t placed_ = 0;
    int asked_ = 0;
    std::chrono::nanoseconds last_{};
    std::chrono::nanoseconds longest_{};  // processor time: other tests share the cores
};

TEST(Dla, StopsSoonAlsoWhileOneWalkerTakesForever) {
    for (const double sticking : {1.0, 1e-9}) {
        DlaParameters parameters = dla_of(3, 1000000, 1);
        parameters.sticking_probability = sticking;
        StopsAfter observer;
        EXPECT_THROW(grow_dla(parameters, observer), Stopped);
        EXPECT_LT(observer.longest_, std::chrono::milliseconds(100));
    }
}

// At N = 20,000 (2-D) and 10,000 (3-D) over 8 seeds; the long test has the narrow tolerances.
TEST(Dla, FractalDimensionIn2D) {
    const Ensemble df = fractal_dimension(2, 20000, 8);
    EXPECT_NEAR(df.mean, 1.71, 0.04) << "standard error " << df.standard_error;
}

TEST(Dla, FractalDimensionIn3D) {
    const Ensemble df = fractal_dimension(3, 10000, 8);
    EXPECT_NEAR(df.mean, 2.50, 0.08) << "standard error " << df.standard_error;
}

TEST(Dla, GrowsInAllDirectionsAlike) {
    // The centre of mass of many small clusters, against its own scatter.
    for (const int dimensions : {2, 3}) {
        std::array<double, 3> sum{}, squares{};
        constexpr int clusters = 400;
        for (int seed = 1; seed <= clusters; ++seed) {
            const Cluster cluster = grow(dla_of(dimensions, 50, static_cast<std::uint64_t>(seed)));
            std::array<double, 3> centre{};
            for (const Particle& each : cluster.particles) {
                centre[0] += each.x / 50;
                centre[1] += each.y / 50;
                centre[2] += each.z / 50;
            }
            for (std::size_t axis = 0; axis < 3; ++axis) {
                sum[axis] += centre[axis] / clusters;
                squares[axis] += centre[axis] * centre[axis] / clusters;
            }
        }
        for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimensions); ++axis) {
            EXPECT_LT(std::abs(sum[axis]), 4 * std::sqrt(squares[axis] / clusters))
                << dimensions << "-D, " << axis;
            EXPECT_NEAR(squares[axis] / squares[0], 1, 0.35) << dimensions << "-D, " << axis;
        }
    }
}

}  // namespace
}  // namespace assistd::simulation
