#include "analysis/fraktal/mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "analysis/fraktal/projection.h"
#include "shapes.h"

namespace assistd::analysis {
namespace {

Mask drawn(const std::vector<std::string>& rows) {
    Mask mask(static_cast<int>(rows[0].size()), static_cast<int>(rows.size()));
    for (std::size_t y = 0; y < rows.size(); ++y)
        for (std::size_t x = 0; x < rows[y].size(); ++x) mask.row(static_cast<int>(y))[x] = rows[y][x] == '#';
    return mask;
}

TEST(Mask, MeasuresADisc) {
    const Projection projection = project(std::vector<Particle>{{5, -3, 8, 2, -1, 0}}, {0, 0, 1}, 200, [] {});
    const Silhouette disc = measured(projection.mask, projection.pixel);
    EXPECT_NEAR(disc.area, 4 * std::numbers::pi, 0.01);
    EXPECT_NEAR(disc.rg, 2 / std::sqrt(2), 0.01);
    EXPECT_FALSE(touches_border(projection.mask));
}

TEST(Mask, KeepsTheLargestObject) {
    Mask mask = drawn({"##....#", "##.....", "...#...", "..#.#..", "...#..."});
    const Separation separation = keep_largest(mask);
    EXPECT_EQ(separation.objects, 3u);
    EXPECT_EQ(separation.dropped_pixels, 5u);
    EXPECT_EQ(mask.pixels, drawn({"##.....", "##.....", ".......", ".......", "......."}).pixels);
}

TEST(Mask, ObjectsMayBeBranched) {
    Mask mask = drawn({"#.#.#", "#.#.#", "#####", ".....", "##.##"});
    EXPECT_EQ(keep_largest(mask).dropped_pixels, 4u);
    EXPECT_EQ(object_pixels(mask), 11u);
    Mask ring = drawn({".###.", "#...#", "#.#.#", "#...#", ".###."});
    EXPECT_EQ(keep_largest(ring).objects, 2u);
    Mask empty = drawn({"...", "..."});
    EXPECT_EQ(keep_largest(empty).objects, 0u);
}

TEST(Projection, SeesAChainFromItsSideAndFromItsEnd) {
    const auto area = [](const Direction& direction) {
        const Projection projection = project(block(10, 1, 1), direction, 40, [] {});
        return measured(projection.mask, projection.pixel).area;
    };
    EXPECT_NEAR(area({0, 0, 1}), 10 * std::numbers::pi, 0.3);
    EXPECT_NEAR(area({0, 1, 0}), 10 * std::numbers::pi, 0.3);
    EXPECT_NEAR(area({1, 0, 0}), std::numbers::pi, 0.03);
    // Obliquely the circles overlap.
    EXPECT_LT(area({0.8, 0.6, 0}), 9 * std::numbers::pi);
}

TEST(Projection, DirectionsAreEven) {
    Direction sum{};
    double squares = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
        const Direction direction = random_direction(seed);
        EXPECT_NEAR(std::hypot(direction[0], direction[1], direction[2]), 1, 1e-12);
        for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += direction[axis] / 4000;
        squares += direction[2] * direction[2] / 4000;
    }
    for (const double part : sum) EXPECT_NEAR(part, 0, 0.04);
    EXPECT_NEAR(squares, 1.0 / 3, 0.02);
    EXPECT_EQ(random_direction(7), random_direction(7));
}

TEST(Projection, BoundsThePicture) {
    std::vector<Particle> far = block(2, 1, 1);
    far[1].x = 1e7;
    EXPECT_THROW(project(far, {0, 0, 1}, 0, [] {}), ProjectionRefused);
    far[1].x = 2500;
    EXPECT_NEAR(project(far, {0, 0, 1}, 0, [] {}).pixels_per_diameter, 6.5, 0.2);
    EXPECT_THROW(project(far, {0, 0, 1}, 20, [] {}), ProjectionRefused);
    struct Stop {};
    EXPECT_THROW(project(far, {0, 0, 1}, 0, [] { throw Stop(); }), Stop);
}

}  // namespace
}  // namespace assistd::analysis
