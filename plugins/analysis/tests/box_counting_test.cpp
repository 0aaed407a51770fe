#include "analysis/box_counting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "clusters.h"
#include "shapes.h"

namespace assistd::analysis {
namespace {

BoxCounting count(const std::vector<Particle>& particles, const BoxCountingOptions& options = {}) {
    return count_and_fit(particles, options, [](double) {});
}

std::string refusal(const std::vector<Particle>& particles, const BoxCountingOptions& options = {}) {
    try {
        count(particles, options);
    } catch (const BoxCountingRefused& refused) {
        return refused.field() + ": " + refused.what();
    }
    return "accepted";
}

TEST(BoxCounting, ALineIsOfDimensionOne) {
    for (const int n : {10, 47, 500}) EXPECT_NEAR(count(block(n, 1, 1)).df, 1, 0.05) << n;
    EXPECT_NEAR(count(turned(block(500, 1, 1), 3)).df, 1, 0.05);
    EXPECT_NEAR(count(block(200, 1, 1), {.dimensions = 2}).df, 1, 0.05);
}

TEST(BoxCounting, APlaneIsOfDimensionTwo) {
    for (const int n : {10, 47, 60}) EXPECT_NEAR(count(block(n, n, 1)).df, 2, 0.05) << n;
    EXPECT_NEAR(count(turned(block(60, 60, 1), 4)).df, 2, 0.05);
    EXPECT_NEAR(count(block(60, 60, 1), {.dimensions = 2}).df, 2, 0.05);
}

// Limiting cases of run_limiting_case, which no grid fits tightly.
TEST(BoxCounting, AHexagonalPlaneIsOfDimensionTwo) {
    for (const int rings : {5, 8, 12, 20, 40, 60})
        for (const int dimensions : {2, 3})
            EXPECT_NEAR(count(hexagon(rings), {.dimensions = dimensions}).df, 2, 0.05) << rings;
    EXPECT_NEAR(count(turned(hexagon(20), 4)).df, 2, 0.05);
}

// What programs without a correction find is told too: plain counts, of which the corrected one is a part.
TEST(BoxCounting, TellsThePlainNumberOfBoxesToo) {
    const BoxCounting plane = count(hexagon(20), {.dimensions = 2});
    EXPECT_NEAR(plane.df, 2, 0.05);
    EXPECT_LT(-plane.plain_fit.slope, 1.95);
    EXPECT_EQ(plane.plain_fit.points, plane.fit.points);
    for (const BoxCountingPoint& point : plane.points) {
        if (point.size > plane.extent / 2) continue;
        EXPECT_GT(point.occupied, point.count) << point.size;
        EXPECT_LT(point.occupied, 4 * point.count) << point.size;
    }
}

// A square counts as n x n boxes wherever the grid lies.
TEST(BoxCounting, WhatSticksOutIsNotCounted) {
    for (const BoxCountingPoint& point : count(block(48, 48, 1)).points) {
        const double boxes = 96 / point.size;
        EXPECT_NEAR(point.count, boxes * boxes, 0.02 * boxes * boxes) << point.size;
    }
}

TEST(BoxCounting, ACubeIsOfDimensionThree) {
    for (const int n : {10, 20, 31}) EXPECT_NEAR(count(block(n, n, n)).df, 3, 0.05) << n;
}

TEST(BoxCounting, FindsTheDimensionOfFractals) {
    BoxCountingOptions options;
    EXPECT_NEAR(count(vicsek(3, 5), options).df, std::log(7) / std::log(3), 0.03);
    EXPECT_NEAR(count(turned(vicsek(3, 5), 1), options).df, std::log(7) / std::log(3), 0.05);
    options.dimensions = 2;
    EXPECT_NEAR(count(vicsek(2, 7), options).df, std::log(5) / std::log(3), 0.02);
    options.grids = 1;
    EXPECT_NEAR(count(vicsek(2, 7), options).df, std::log(5) / std::log(3), 0.05);
}

TEST(BoxCounting, DoesNotDependOnOrientationOrPlace) {
    std::mt19937 random(5);
    std::normal_distribution<double> step(0, 2);
    std::vector<Particle> walk(2000);
    for (std::size_t i = 1; i < walk.size(); ++i)
        walk[i] = {walk[i - 1].x + step(random),
                   walk[i - 1].y + step(random),
                   walk[i - 1].z + step(random),
                   1,
                   -1,
                   0};
    const BoxCounting one = count(walk), other = count(turned(walk, 7));
    ASSERT_EQ(one.points.size(), other.points.size());
    EXPECT_NEAR(one.df, other.df, 1e-6);
}

TEST(BoxCounting, ReportsItsRange) {
    const BoxCounting large = count(block(500, 1, 1));
    EXPECT_GE(large.range_min, 4);
    EXPECT_LE(large.range_max, 250);
    EXPECT_NE(large.range_rule.find("two mean particle diameters"), std::string::npos);
    EXPECT_TRUE(large.warnings.empty()) << large.warnings.front();
    int fitted = 0;
    for (const BoxCountingPoint& point : large.points) fitted += point.fitted;
    EXPECT_EQ(fitted, large.fit.points);
    EXPECT_DOUBLE_EQ(large.points.back().size, large.extent);
    EXPECT_DOUBLE_EQ(large.points.back().count, 1);

    const BoxCounting small = count(block(12, 1, 1));
    EXPECT_NE(small.range_rule.find("the cluster is small"), std::string::npos);
    ASSERT_EQ(small.warnings.size(), 1u);
    EXPECT_NE(small.warnings[0].find("less than one"), std::string::npos);
}

TEST(BoxCounting, TakesTheBoundsThatItIsGiven) {
    BoxCountingOptions options;
    options.min_box_size = 10;
    options.max_box_size = 100;
    const BoxCounting result = count(block(500, 1, 1), options);
    EXPECT_GE(result.range_min, 10 * (1 - 1e-9));
    EXPECT_LE(result.range_max, 100 * (1 + 1e-9));
    EXPECT_EQ(result.range_rule, "as asked for");
    const std::size_t all = result.points.size();
    options.sizes_per_decade = 4;
    EXPECT_LT(count(block(500, 1, 1), options).points.size(), all / 2);
}

TEST(BoxCounting, RefusesWhatCannotBeFitted) {
    EXPECT_EQ(refusal({}), ": The geometry holds no particles.");
    EXPECT_NE(refusal(block(1, 1, 1)).find("too few for a fit"), std::string::npos);
    BoxCountingOptions options;
    options.max_box_size = 2000;
    EXPECT_EQ(refusal(block(500, 1, 1), options),
              "max_box_size: max_box_size must be at most the extent of the cluster (1000).");
    options = {};
    options.min_box_size = 0.01;
    EXPECT_EQ(refusal(block(500, 1, 1), options),
              "min_box_size: min_box_size must be at least a tenth of the smallest particle radius (0.1).");
    options = {};
    options.min_box_size = 300;
    EXPECT_NE(refusal(block(500, 1, 1), options).find("min_box_size must be smaller than"),
              std::string::npos);
}

TEST(BoxCounting, WarnsOfAPoorFit) {
    // Two dense cubes far apart: many boxes, then two whatever their size.
    std::vector<Particle> particles = block(10, 10, 10);
    for (Particle particle : block(10, 10, 10)) {
        particle.x += 2000;
        particles.push_back(particle);
    }
    const BoxCounting result = count(particles);
    EXPECT_LT(result.fit.r_squared, 0.95);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("The fit is poor"), std::string::npos);
}

// A crowd of few discs, most of which are its edge.
TEST(BoxCounting, WarnsOfADimensionAboveThatOfSpace) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> place(0, 16);
    int above = 0;
    for (int crowd = 0; crowd < 200; ++crowd) {
        std::vector<Particle> discs;
        for (int i = 0; i < 50; ++i) discs.push_back({place(random), place(random), 0, 1, 0, 0});
        const BoxCounting result = count(discs, {.dimensions = 2, .min_box_size = 3, .max_box_size = 13});
        const bool warns = std::ranges::any_of(result.warnings, [](const std::string& warning) {
            return warning.find("above the 2 of space, which no body's can be") != std::string::npos;
        });
        EXPECT_EQ(warns, result.df > 2) << result.df;
        above += result.df > 2 ? 1 : 0;
    }
    EXPECT_GT(above, 0);
}

bool warns_of_compactness(const BoxCounting& result, int dimension) {
    const std::string words = "this is a compact body of dimension " + std::to_string(dimension);
    return std::any_of(result.warnings.begin(), result.warnings.end(),
                       [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}

TEST(BoxCounting, WarnsOfACompactBodysEdge) {
    std::vector<Particle> ball = block(17, 17, 17);
    std::erase_if(ball, [](const Particle& p) { return std::hypot(p.x - 16, p.y - 16, p.z - 16) > 16; });
    EXPECT_TRUE(warns_of_compactness(count(ball), 3));
}

TEST(BoxCounting, SaysNothingOfCompactnessToOthers) {
    std::mt19937_64 random(3);
    for (const auto& particles :
         {block(500, 1, 1), hexagon(20), block(47, 47, 1), block(20, 20, 20), vicsek(3, 5),
          ballistic_aggregate(6, random), ballistic_aggregate(9, random)})
        for (const int dimension : {1, 2, 3})
            EXPECT_FALSE(warns_of_compactness(count(particles), dimension)) << particles.size();
}

}  // namespace
}  // namespace assistd::analysis
