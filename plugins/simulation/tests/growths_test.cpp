// What holds for every growth beside DLA: exactness, repeatability, sizes, sintering, stopping.

#include "tests/growths.h"

namespace assistd::simulation {
namespace {

double apart(const Particle& one, const Particle& other) {
    return std::hypot(one.x - other.x, one.y - other.y, one.z - other.z);
}

// Each particle but the first touches an earlier one, at `factor` times the sum of their radii.
void expect_parents(const Cluster& cluster, double low, double high, const std::string& where) {
    ASSERT_FALSE(cluster.particles.empty());
    EXPECT_EQ(cluster.particles[0].parent, -1) << where;
    for (std::size_t i = 1; i < cluster.particles.size(); ++i) {
        const Particle& one = cluster.particles[i];
        ASSERT_GE(one.parent, 0) << where;
        ASSERT_LT(one.parent, static_cast<std::int32_t>(i)) << where;
        const Particle& parent = cluster.particles[static_cast<std::size_t>(one.parent)];
        const double factor = apart(one, parent) / (one.radius + parent.radius);
        ASSERT_GE(factor, low - 1e-10) << where;
        ASSERT_LE(factor, high + 1e-10) << where;
    }
}

TEST(Growths, HaveExactlyOneContactForEachParticleAndNoOverlap) {
    for (const Algorithm& algorithm : growth_algorithms())
        for (const int dimensions : {2, 3}) {
            const std::string where = algorithm.name + " " + std::to_string(dimensions);
            const Cluster cluster = grow(algorithm, growth_of(dimensions, 1000, 42));
            ASSERT_EQ(cluster.particles.size(), 1000u) << where;
            EXPECT_EQ(cluster.dimensions, dimensions);
            const Contacts touching = contacts_of(cluster);
            EXPECT_EQ(touching.pairs, 999u) << where;
            EXPECT_LT(touching.largest_overlap, 1e-9) << where;
            expect_parents(cluster, 1, 1, where);
            for (const Particle& each : cluster.particles)
                if (dimensions == 2) {
                    ASSERT_EQ(each.z, 0) << where;
                }
        }
}

TEST(Growths, SameSeedIsBitIdenticalAndAnotherSeedIsNot) {
    for (const Algorithm& algorithm : growth_algorithms())
        for (const int dimensions : {2, 3}) {
            const auto grown = [&](std::uint64_t seed) {
                return grow(algorithm, growth_of(dimensions, 300, seed)).particles;
            };
            const auto first = grown(7), again = grown(7), other = grown(8);
            const std::size_t bytes = first.size() * sizeof(Particle);
            ASSERT_EQ(first.size(), again.size());
            EXPECT_EQ(std::memcmp(first.data(), again.data(), bytes), 0) << algorithm.name;
            EXPECT_NE(std::memcmp(first.data(), other.data(), bytes), 0) << algorithm.name;
        }
}

TEST(Growths, UnequalRadiiTouchWithoutOverlap) {
    for (const Algorithm& algorithm : growth_algorithms())
        for (const int dimensions : {2, 3}) {
            GrowthParameters parameters = growth_of(dimensions, 500, 3);
            parameters.sizes = {SizeLaw::Kind::lognormal, 1, 1, 1.6};
            const Cluster lognormal = grow(algorithm, parameters);
            EXPECT_EQ(contacts_of(lognormal).pairs, 499u) << algorithm.name;
            EXPECT_LT(contacts_of(lognormal).largest_overlap, 1e-9) << algorithm.name;
            double logs = 0;
            for (const Particle& each : lognormal.particles) logs += std::log(each.radius) / 500;
            EXPECT_NEAR(logs, 0, 0.1) << algorithm.name;

            parameters.sizes = {SizeLaw::Kind::uniform, 0.2, 1.8, 1};
            const Cluster uniform = grow(algorithm, parameters);
            EXPECT_EQ(contacts_of(uniform).pairs, 499u) << algorithm.name;
            EXPECT_LT(contacts_of(uniform).largest_overlap, 1e-9) << algorithm.name;
            expect_parents(uniform, 1, 1, algorithm.name);
        }
}

TEST(Growths, SinteringSetsTheDistanceToTheParent) {
    for (const Algorithm& algorithm : growth_algorithms())
        for (const int dimensions : {2, 3}) {
            GrowthParameters parameters = growth_of(dimensions, 500, 9);
            parameters.sintering.value = 0.7;
            const Cluster fixed = grow(algorithm, parameters);
            expect_parents(fixed, 0.7, 0.7, algorithm.name);
            EXPECT_NEAR(contacts_of(fixed).largest_overlap, 0.6, 1e-9) << algorithm.name;

            parameters.sintering = {SinteringLaw::Kind::uniform, 1, 0.6, 0.9, 0};
            const Cluster uniform = grow(algorithm, parameters);
            expect_parents(uniform, 0.6, 0.9, algorithm.name);
            const double largest = contacts_of(uniform).largest_overlap;
            EXPECT_GT(largest, 0.75) << algorithm.name;
            EXPECT_LE(largest, 0.8 + 1e-9) << algorithm.name;

            parameters.sintering = {SinteringLaw::Kind::normal, 0.8, 1, 1, 0.05};
            expect_parents(grow(algorithm, parameters), 0.5, 1, algorithm.name);
        }
}

TEST(Growths, TheLastRgIsThatOfTheParticles) {
    for (const Algorithm& algorithm : growth_algorithms())
        for (const int dimensions : {2, 3}) {
            GrowthParameters parameters = growth_of(dimensions, 500, 5);
            parameters.sizes = {SizeLaw::Kind::uniform, 0.5, 1.5, 1};
            const Cluster cluster = grow(algorithm, parameters);
            ASSERT_GE(cluster.growth.size(), 5u) << algorithm.name;
            EXPECT_LE(cluster.growth.size(), 200u) << algorithm.name;
            EXPECT_EQ(cluster.growth.back().particles, 500u) << algorithm.name;
            const double rg = gyration(cluster.particles).radius;
            EXPECT_NEAR(cluster.growth.back().radius_of_gyration, rg, 1e-9 * rg) << algorithm.name;
        }
}

// Stops when it is asked for the n-th time, and measures the processor time between two questions.
class StopsAt : public Observer {
  public:
    explicit StopsAt(int look) : left_(look) {}
    void on_progress(std::size_t, double) override {}
    bool should_stop() override {
        const auto now = processor_time();
        if (last_.count() > 0) longest_ = std::max(longest_, now - last_);
        last_ = now;
        return --left_ <= 0;
    }
    std::chrono::nanoseconds longest_{};

  private:
    int left_;
    std::chrono::nanoseconds last_{};
};

TEST(Growths, AskOftenWhetherToStop) {
    for (const Algorithm& algorithm : growth_algorithms()) {
        StopsAt observer(200);
        EXPECT_THROW(algorithm.grow(growth_of(3, 200000, 1), observer), Stopped) << algorithm.name;
        EXPECT_LT(observer.longest_, std::chrono::milliseconds(100)) << algorithm.name;
    }
}

TEST(Growths, NeedFewBytesAParticle) {
    for (const Algorithm& algorithm : growth_algorithms())
        EXPECT_LT(grow(algorithm, growth_of(3, 2000, 1)).growth_bytes_per_particle, 300) << algorithm.name;
}

}  // namespace
}  // namespace assistd::simulation
