#include "analysis/box_count.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "shapes.h"

namespace assistd::analysis {
namespace {

void no_checkpoint() {}

// Every box of every level, tested against every ball.
std::vector<std::uint64_t> by_brute_force(const std::vector<Ball>& balls, const Grid& grid, double extent) {
    std::vector<std::uint64_t> counts;
    for (int level = 0; level < grid.levels; ++level) {
        const double size = grid.size / (1 << level);
        const int n = static_cast<int>(std::ceil(extent / size)) + 1;
        std::uint64_t occupied = 0;
        for (int k = 0; k < (grid.dimensions == 3 ? n : 1); ++k)
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < n; ++i) {
                    const std::array<int, 3> index{i, j, k};
                    for (const Ball& ball : balls) {
                        double away2 = 0;
                        for (int axis = 0; axis < grid.dimensions; ++axis) {
                            const double low = grid.origin[axis] + size * index[axis];
                            const double high = grid.origin[axis] + size * (index[axis] + 1);
                            const double nearest = std::clamp(ball.centre[axis], low, high);
                            away2 += (ball.centre[axis] - nearest) * (ball.centre[axis] - nearest);
                        }
                        if (away2 < ball.radius * ball.radius) {
                            ++occupied;
                            break;
                        }
                    }
                }
        counts.push_back(occupied);
    }
    return counts;
}

std::vector<Particle> random_particles(int dimensions, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> place(1, 9), radius(0.05, 1.0);
    std::vector<Particle> particles(25);
    for (Particle& particle : particles)
        particle = {place(random), place(random), dimensions == 3 ? place(random) : 0, radius(random), -1, 0};
    return particles;
}

class AgainstBruteForce : public ::testing::TestWithParam<std::tuple<int, unsigned>> {};

TEST_P(AgainstBruteForce, CountsTheSameBoxes) {
    const auto [dimensions, seed] = GetParam();
    const std::vector<Ball> balls = sorted_balls(random_particles(dimensions, seed), dimensions);
    for (const double size : {10.0, 10.0 / 3, 1.7}) {
        Grid grid{dimensions, {-0.3, -0.1, dimensions == 3 ? -0.7 : 0}, size, 4};
        const std::vector<std::uint64_t> expected = by_brute_force(balls, grid, 11);
        for (grid.trimmed = 0; grid.trimmed <= grid.levels; ++grid.trimmed)
            EXPECT_EQ(count_boxes(balls, grid, no_checkpoint).occupied, expected)
                << "box size " << size << ", " << grid.trimmed << " levels kept";
    }
}
INSTANTIATE_TEST_SUITE_P(Seeds, AgainstBruteForce,
                         ::testing::Combine(::testing::Values(2, 3), ::testing::Range(1u, 7u)));

TEST(BoxCount, BoxesInsideOneBallAreAllCounted) {
    const std::vector<Ball> balls{{{4, 4, 4}, 3.9}, {{1, 7, 2}, 0.4}};
    for (const int kept : {0, 3, 6}) {
        const Grid grid{3, {0, 0, 0}, 8, 6, kept};
        EXPECT_EQ(count_boxes(balls, grid, no_checkpoint).occupied, by_brute_force(balls, grid, 8)) << kept;
    }
}

TEST(BoxCount, ABallThatOnlyTouchesABoxDoesNotReachIntoIt) {
    const std::vector<Ball> balls = sorted_balls(block(4, 1, 1), 3);
    for (const int kept : {0, 1}) {
        const Grid grid{3, {-1, -1, -1}, 2, 1, kept};
        EXPECT_EQ(count_boxes(balls, grid, no_checkpoint).occupied, std::vector<std::uint64_t>{4}) << kept;
    }
}

TEST(BoxCount, TwoDimensionsDoNotSeeTheThirdCoordinate) {
    std::vector<Particle> particles = block(3, 3, 1);
    particles[4].z = 100;
    for (const int kept : {0, 2}) {
        const Grid grid{2, {-1, -1, 0}, 6, 2, kept};
        EXPECT_EQ(count_boxes(sorted_balls(particles, 2), grid, no_checkpoint).occupied,
                  (std::vector<std::uint64_t>{1, 4}))
            << kept;
    }
}

TEST(BoxCount, SortingKeepsEveryBall) {
    const std::vector<Particle> particles = random_particles(3, 9);
    const std::vector<Ball> balls = sorted_balls(particles, 3);
    ASSERT_EQ(balls.size(), particles.size());
    double sum = 0, expected = 0;
    for (const Ball& ball : balls) sum += ball.centre[0] * ball.radius;
    for (const Particle& particle : particles) expected += particle.x * particle.radius;
    EXPECT_NEAR(sum, expected, 1e-6);
}

TEST(BoxCount, ACheckpointEndsTheCount) {
    struct Stop {};
    const std::vector<Ball> balls = sorted_balls(block(20, 20, 20), 3);
    for (const int kept : {0, 6}) {
        const Grid grid{3, {-1, -1, -1}, 40, 6, kept};
        EXPECT_THROW(count_boxes(balls, grid, [] { throw Stop(); }), Stop) << kept;
    }
}

}  // namespace
}  // namespace assistd::analysis
