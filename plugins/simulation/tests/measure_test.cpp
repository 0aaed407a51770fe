// The measures on geometries whose answers can be worked out by hand or by brute force.

#include "measure/shape.h"

#include <cstring>

#include "tests/support.h"

namespace assistd::simulation {
namespace {

TEST(GrowthFit, FindsAnExactLaw) {
    std::vector<GrowthPoint> growth;
    for (std::size_t n = 1; n <= 100000; n *= 2)
        growth.push_back({n, std::pow(static_cast<double>(n) / 1.3, 1 / 1.8)});
    const GrowthFit fit = fit_growth(growth);
    ASSERT_TRUE(fit.valid);
    EXPECT_NEAR(fit.df, 1.8, 1e-9);
    EXPECT_NEAR(fit.kf, 1.3, 1e-9);
    EXPECT_NEAR(fit.r_squared, 1, 1e-12);
    EXPECT_GE(fit.first_particles, 655u);
    EXPECT_GT(fit.decades(), 1.5);
}

TEST(GrowthFit, StandardErrorsAreThoseOfTheRegression) {
    // ln Rg = 0, 1, 2, 3 and ln N = 0, 2, 4, 6 with the residuals +d, -d, -d, +d, which leave slope and
    // middle as they are.
    const double d = 0.1;
    std::vector<GrowthPoint> growth;
    const double y[] = {6 + d, 8 - d, 10 - d, 12 + d};
    for (int i = 0; i < 4; ++i)
        growth.push_back({static_cast<std::size_t>(std::llround(std::exp(y[i]))), std::exp(i)});
    growth.insert(growth.begin(), {1, 0.77});  // below the range of the fit
    const GrowthFit fit = fit_growth(growth);
    ASSERT_TRUE(fit.valid);
    // The first point lies below N/100 and is left out as well: three points remain, with residuals by least
    // squares.
    const double mean = (8 - d + 10 - d + 12 + d) / 3;
    const double slope = 2 + d;
    const double r1 = 8 - d - (mean - slope), r2 = 10 - d - mean, r3 = 12 + d - (mean + slope);
    EXPECT_NEAR(fit.df, slope, 1e-3);
    EXPECT_NEAR(fit.df_stderr, std::sqrt((r1 * r1 + r2 * r2 + r3 * r3) / 1 / 2), 1e-3);
}

TEST(GrowthFit, TooFewPointsGiveNoFit) {
    EXPECT_FALSE(fit_growth({}).valid);
    EXPECT_FALSE(fit_growth({{1, 0.77}, {2, 1.26}}).valid);
    std::vector<GrowthPoint> growth;
    for (std::size_t n = 1; n < 10; ++n) growth.push_back({n, std::sqrt(static_cast<double>(n))});
    EXPECT_FALSE(fit_growth(growth).valid);
    growth.push_back({10, std::sqrt(10.0)});
    EXPECT_TRUE(fit_growth(growth).valid);
}

TEST(Gyration, OfALineAPlaneAndOneSphere) {
    const std::vector<Particle> one{{5, 6, 7, 2}};
    EXPECT_NEAR(gyration(one).radius, 2 * std::sqrt(0.6), 1e-12);
    EXPECT_NEAR(gyration(one).anisotropy, 0, 1e-12);
    std::vector<Particle> line;
    for (int i = 0; i < 1000; ++i) line.push_back({1.2 * i, 1.6 * i, 0, 1});
    const Gyration shape = gyration(line);
    EXPECT_NEAR(shape.radius, std::sqrt((1e6 - 1) / 3 + 0.6), 1e-6);
    EXPECT_NEAR(std::abs(shape.axes[0][0]), 0.6, 1e-9);
    EXPECT_NEAR(std::abs(shape.axes[0][1]), 0.8, 1e-9);
    EXPECT_NEAR(shape.moments[2], 0.2, 1e-9);
    EXPECT_NEAR(shape.anisotropy, 1, 1e-4);
    EXPECT_NEAR(shape.acylindricity, 0, 1e-6);
}

TEST(Gyration, RoundingIsNoShape) {
    std::vector<Particle> octahedron;
    for (const double side : {-std::sqrt(2), std::sqrt(2)})
        for (int axis = 0; axis < 3; ++axis) {
            const auto at = [&](int other) { return 0.1 + (axis == other ? side : 0); };
            octahedron.push_back({at(0), at(1), at(2), 1});
        }
    EXPECT_EQ(gyration(octahedron).asphericity, 0);
    EXPECT_EQ(gyration(octahedron).acylindricity, 0);
    EXPECT_EQ(gyration(octahedron).anisotropy, 0);
}

TEST(Contacts, AgreeWithBruteForceForUnequalSpheresThatOverlap) {
    Random random(2);
    std::vector<Particle> particles;
    for (int i = 0; i < 600; ++i)
        particles.push_back({random.uniform(-20, 20), random.uniform(-20, 20), random.uniform(-20, 20),
                             random.uniform() < 0.1 ? random.uniform(2, 7) : random.uniform(0.05, 1.5)});
    std::size_t pairs = 0;
    double deepest = 0;
    for (std::size_t i = 0; i < particles.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Particle &one = particles[i], &other = particles[j];
            const double gap =
                std::hypot(one.x - other.x, one.y - other.y, one.z - other.z) - one.radius - other.radius;
            if (gap <= 1e-6) ++pairs;
            deepest = std::max(deepest, -gap);
        }
    }
    Silent observer;
    const Contacts found = contacts(particles, Neighbours(particles, observer), 1e-6, observer);
    EXPECT_EQ(found.pairs, pairs);
    EXPECT_NEAR(found.largest_overlap, deepest, 1e-12);
    std::size_t counted = 0;
    for (const std::size_t each : found.histogram) counted += each;
    EXPECT_EQ(counted, particles.size());
}

TEST(PairCorrelation, OfEvenlyScatteredPointsIsTheirDensity) {
    for (const int dimensions : {2, 3}) {
        Random random(4);
        std::vector<Particle> particles;
        const double half = 50;
        for (int i = 0; i < 12000; ++i)
            particles.push_back({random.uniform(-half, half), random.uniform(-half, half),
                                 dimensions == 3 ? random.uniform(-half, half) : 0.0, 1});
        const double density = 12000 / std::pow(2 * half, dimensions);
        Silent observer;
        const PairCorrelation pairs =
            pair_correlation(particles, dimensions, gyration(particles).radius, observer);
        ASSERT_EQ(pairs.r.size(), 72u);
        // The rim lowers it a little, more so further out.
        for (const std::size_t bin : {24, 31, 33, 36})
            EXPECT_NEAR(pairs.g_r[bin] / density, 0.95, 0.12) << pairs.r[bin];
        EXPECT_LT(pairs.g_r.back(), 0.1 * density);
    }
}

TEST(PairCorrelation, CountsEveryPairOfASmallCluster) {
    std::vector<Particle> chain;
    for (int i = 0; i < 5; ++i) chain.push_back({2.0 * i, 0, 0, 1});
    Silent observer;
    const PairCorrelation pairs = pair_correlation(chain, 3, gyration(chain).radius, observer);
    double contacts_found = 0;
    const double volume = 4.0 / 3 * M_PI * (2.25 * 2.25 * 2.25 - 8);
    for (std::size_t i = 0; i < pairs.r.size(); ++i)
        if (std::abs(pairs.r[i] - 2.125) < 1e-9) contacts_found = pairs.g_r[i] * volume * 5;
    EXPECT_NEAR(contacts_found, 8, 1e-9);  // four contacts, seen from both sides
}

// Radii over four decades, as sigma_g = 3 draws them.
std::vector<Particle> very_unequal(std::size_t count) {
    Random random(3);
    const SizeLaw sizes{SizeLaw::Kind::lognormal, 1, 1, 3};
    std::vector<Particle> particles;
    for (std::size_t i = 0; i < count; ++i)
        particles.push_back(
            {random.uniform(-40, 40), random.uniform(-40, 40), random.uniform(-40, 40), sizes.draw(random)});
    return particles;
}

TEST(Measures, OfVeryUnequalSpheresAreTakenSoonAndExact) {
    const std::vector<Particle> particles = very_unequal(2000);
    double mean = 0;
    std::size_t touching = 0, near = 0;
    for (const Particle& each : particles) mean += each.radius / 2000;
    for (std::size_t i = 0; i < particles.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Particle &one = particles[i], &other = particles[j];
            const double off = std::hypot(one.x - other.x, one.y - other.y, one.z - other.z);
            if (off <= one.radius + other.radius + 1e-6) ++touching;
            if (off * (1 + 1e-9) < 8 * mean) near += 2;
        }
    }
    Silent observer;
    const auto before = processor_time();
    const Contacts found = contacts(particles, Neighbours(particles, observer), 1e-6, observer);
    const PairCorrelation pairs = pair_correlation(particles, 3, gyration(particles).radius, observer);
    EXPECT_LT(processor_time() - before, std::chrono::seconds(1));
    EXPECT_EQ(found.pairs, touching);
    double counted = 0;
    for (std::size_t bin = 0; bin < 32; ++bin) {
        const double low = 0.25 * mean * static_cast<double>(bin), high = low + 0.25 * mean;
        counted += pairs.g_r[bin] * 2000 * 4 / 3 * M_PI * (high * high * high - low * low * low);
    }
    EXPECT_NEAR(counted, static_cast<double>(near), 1e-3);
}

class StopsAfter : public Observer {
  public:
    void on_progress(std::size_t, double) override {}
    bool should_stop() override {
        const auto now = processor_time();
        if (asked_ > 0) longest_ = std::max(longest_, now - last_);
        last_ = now;
        return ++asked_ > 20;
    }
    int asked_ = 0;
    std::chrono::nanoseconds last_{};
    std::chrono::nanoseconds longest_{};
};

TEST(Measures, StopSoonWhereAllParticlesAreNear) {
    std::vector<Particle> particles = very_unequal(100000);
    for (Particle& each : particles) {
        each.x /= 40;
        each.y /= 40;
        each.z /= 40;
    }
    StopsAfter pairs;
    EXPECT_THROW(pair_correlation(particles, 3, 1, pairs), Stopped);
    EXPECT_LT(pairs.longest_, std::chrono::milliseconds(100));
    Silent silent;
    const Neighbours neighbours(particles, silent);
    StopsAfter touching;
    EXPECT_THROW(contacts(particles, neighbours, 1e-6, touching), Stopped);
    EXPECT_LT(touching.longest_, std::chrono::milliseconds(100));
}

}  // namespace
}  // namespace assistd::simulation
