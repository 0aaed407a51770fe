#include "analysis/correlation/correlation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/correlation/distances.h"
#include "shapes.h"

namespace assistd::analysis {
namespace {

Correlation measure(const std::vector<Particle>& particles, const CorrelationOptions& options = {}) {
    return correlate(particles, options, [](double) {});
}

TEST(Correlation, ALineIsOfDimensionOne) {
    for (const auto& line : {block(500, 1, 1), turned(block(500, 1, 1), 2)}) {
        const Correlation result = measure(line);
        EXPECT_NEAR(result.pair.df, 1, 0.05);
        EXPECT_NEAR(result.sandbox.df, 1, 0.02);
        EXPECT_TRUE(result.warnings.empty()) << result.warnings.front();
    }
    EXPECT_NEAR(measure(block(500, 1, 1), {.dimensions = 2}).pair.df, 1, 0.05);
}

TEST(Correlation, APlaneIsOfDimensionTwo) {
    for (const int dimensions : {2, 3}) {
        const Correlation result = measure(block(100, 100, 1), {.dimensions = dimensions});
        EXPECT_NEAR(result.pair.df, 2, 0.2);  // its edge takes some away
        EXPECT_NEAR(result.sandbox.df, 2, 0.1);
    }
}

TEST(Correlation, ACubeIsOfDimensionThree) {
    const Correlation result = measure(block(30, 30, 30));
    EXPECT_NEAR(result.pair.df, 3, 0.35);
    EXPECT_NEAR(result.sandbox.df, 3, 0.15);
}

TEST(Correlation, FindsTheDimensionOfFractals) {
    const Correlation flat = measure(vicsek(2, 6), {.dimensions = 2});
    EXPECT_NEAR(flat.pair.df, std::log(5) / std::log(3), 0.05);
    EXPECT_NEAR(flat.sandbox.df, std::log(5) / std::log(3), 0.05);
    const Correlation solid = measure(vicsek(3, 5));
    EXPECT_NEAR(solid.pair.df, std::log(7) / std::log(3), 0.1);
    EXPECT_NEAR(solid.sandbox.df, std::log(7) / std::log(3), 0.1);
}

// Every pair, one by one.
TEST(Correlation, CountsWhatIsThere) {
    const std::vector<Particle> particles = turned(vicsek(3, 3), 5);
    const Correlation result = measure(particles, {.min_distance = 2});
    const auto within = [&particles](double distance) {
        double found = 0;
        for (const Particle& a : particles)
            for (const Particle& b : particles)
                found += &a != &b && std::hypot(a.x - b.x, a.y - b.y, a.z - b.z) < distance;
        return found / static_cast<double>(particles.size());
    };
    // The edges of g's bins are the radii of the sandbox.
    for (std::size_t i = 1; i < result.pair.r.size(); ++i) {
        const double low = result.sandbox.r[i - 1], high = result.sandbox.r[i];
        const double shell = 4 * M_PI / 3 * (high * high * high - low * low * low);
        EXPECT_NEAR(result.pair.y[i] * shell, within(high) - within(low), 1e-9) << high;
        EXPECT_GT(result.pair.r[i], low);
        EXPECT_LT(result.pair.r[i], high);
    }
}

TEST(Correlation, WeighsMassByVolume) {
    std::vector<Particle> particles = block(40, 1, 1);
    particles[20].radius = 2;
    const double mean = (39 + 8) / 40.0;
    const Correlation result = measure(particles);
    double middle = 0;
    for (const Particle& p : particles) middle += p.radius * p.radius * p.radius * p.x / (40 * mean);
    for (std::size_t i = 0; i < result.sandbox.r.size(); ++i) {
        double mass = 0, centres = 0;
        for (const Particle& centre : particles) {
            if (std::abs(centre.x - middle) > result.rg) continue;
            ++centres;
            for (const Particle& p : particles)
                if (std::abs(p.x - centre.x) < result.sandbox.r[i])
                    mass += p.radius * p.radius * p.radius / mean;
        }
        EXPECT_NEAR(result.sandbox.y[i], mass / centres, 1e-9) << result.sandbox.r[i];
    }
}

TEST(Correlation, SamplesManyParticlesEvenly) {
    const Correlation result = measure(block(200, 200, 1), {.dimensions = 2});
    EXPECT_LE(result.centres, 2000u);
    EXPECT_NEAR(result.sandbox.df, 2, 0.05);
}

std::string refusal(const std::vector<Particle>& particles, const CorrelationOptions& options = {}) {
    try {
        measure(particles, options);
    } catch (const CorrelationRefused& refused) {
        return refused.field() + ": " + refused.what();
    }
    return "accepted";
}

TEST(Correlation, RefusesWhatCannotBeFitted) {
    EXPECT_EQ(refusal(block(9, 1, 1)), ": The geometry has 9 particles; a correlation needs at least 10.");
    EXPECT_NE(refusal(block(10, 1, 1)).find("too few for a fit"), std::string::npos);
    EXPECT_NE(refusal(std::vector<Particle>(20)).find("too small"), std::string::npos);
    EXPECT_NE(refusal(block(100, 1, 1), {.max_distance = 900}).find("max_distance must be at most"),
              std::string::npos);
    EXPECT_NE(refusal(block(100, 1, 1), {.min_distance = 0.1}).find("min_distance must be at least"),
              std::string::npos);
    EXPECT_NE(
        refusal(block(100, 1, 1), {.min_distance = 40, .max_distance = 20}).find("must be smaller than"),
        std::string::npos);
}

// One that can be fitted is not refused for the other's sake.
TEST(Correlation, GivesTheOneThatCanBeFitted) {
    const std::vector<Particle> sheet = block(40, 40, 1);
    const double rg = measure(sheet).rg;
    const Correlation result = measure(sheet, {.dimensions = 2, .min_distance = 0.45 * rg});
    EXPECT_FALSE(result.pair.has_fit());
    EXPECT_EQ(std::count(result.pair.fitted.begin(), result.pair.fitted.end(), true), 0);
    ASSERT_TRUE(result.sandbox.has_fit());
    EXPECT_NEAR(result.sandbox.df, 2, 0.2);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("points of the pair correlation, too few for a fit (at least 4). So it "
                                      "gives no dimension."),
              std::string::npos)
        << result.warnings[0];
    EXPECT_NE(refusal(sheet, {.dimensions = 2, .min_distance = 0.7 * rg}).find("too few for a fit"),
              std::string::npos);
}

// Two lines side by side: at their distance the density around a particle jumps up, so that g rises there.
TEST(Correlation, WarnsOfDimensionsAboveThatOfSpaceAndOfTwoThatDiffer) {
    std::vector<Particle> lines = block(300, 1, 1);
    for (Particle each : block(300, 1, 1)) {
        each.y = 60;
        lines.push_back(each);
    }
    const Correlation result = measure(lines, {.dimensions = 2, .min_distance = 44, .max_distance = 74});
    std::string told;
    for (const std::string& each : result.warnings) told += each + "\n";
    EXPECT_GT(result.pair.df, 2);
    EXPECT_NE(told.find("above the 2 of space, which no body's can be"), std::string::npos) << told;
    EXPECT_NE(told.find("The two dimensions are"), std::string::npos) << told;
    for (const std::string& each : measure(block(60, 60, 1), {.dimensions = 2}).warnings)
        EXPECT_EQ(each.find("apart"), std::string::npos) << each;
}

TEST(Correlation, WarnsOfAShortRange) {
    const Correlation result = measure(block(20, 20, 1));
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("less than one"), std::string::npos);
}

TEST(DistanceBins, CoverEverythingOnce) {
    const DistanceBins bins(100);
    EXPECT_EQ(bins.bin(0), -1);
    EXPECT_EQ(bins.bin(0.24), -1);
    EXPECT_EQ(bins.bin(1e9), bins.count());
    for (int bin = 0; bin < bins.count(); ++bin) {
        const double low = bins.low(bin), high = bins.high(bin);
        EXPECT_EQ(bins.bin(low * low * (1 + 1e-12)), bin);
        EXPECT_EQ(bins.bin(high * high * (1 - 1e-12)), bin);
        EXPECT_GE(high - low, 0.98);
    }
}

}  // namespace
}  // namespace assistd::analysis
