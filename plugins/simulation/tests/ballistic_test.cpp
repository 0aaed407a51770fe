// Ballistic aggregation against a program that knows nothing of the engine: another generator of random
// numbers, no index, and every sphere tried against every path.

#include <array>
#include <random>

#include "tests/growths.h"

namespace assistd::simulation {
namespace {

using Point = std::array<double, 3>;

double dot(const Point& one, const Point& other) {
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

Point random_direction(std::mt19937_64& random) {
    std::normal_distribution<double> normal;
    Point direction{normal(random), normal(random), normal(random)};
    const double length = std::sqrt(dot(direction, direction));
    for (double& component : direction) component /= length;
    return direction;
}

// Even in the disc of the radius across the direction.
Point random_offset(std::mt19937_64& random, const Point& direction, double radius) {
    std::uniform_real_distribution<double> even(-radius, radius);
    for (;;) {
        // Of points that are even in a slice around the disc, which the cube holds everywhere.
        Point offset{even(random), even(random), even(random)};
        const double along = dot(offset, direction);
        if (std::abs(along) > 0.05 * radius) continue;
        for (std::size_t axis = 0; axis < 3; ++axis) offset[axis] -= along * direction[axis];
        if (dot(offset, offset) < 0.99 * radius * radius) return offset;
    }
}

// Equal spheres of radius 1.
std::vector<Point> grow_by_trying_all(std::size_t particles, std::mt19937_64& random) {
    std::vector<Point> spheres{{0, 0, 0}};
    while (spheres.size() < particles) {
        double reach = 0;
        for (const Point& sphere : spheres) reach = std::max(reach, std::sqrt(dot(sphere, sphere)));
        const Point direction = random_direction(random);
        const Point start = random_offset(random, direction, 1.1 * (reach + 2));
        double nearest = std::numeric_limits<double>::infinity();
        for (const Point& sphere : spheres) {
            const Point to{sphere[0] - start[0], sphere[1] - start[1], sphere[2] - start[2]};
            const double along = dot(to, direction);
            const double aside = dot(to, to) - along * along;
            if (aside < 4) nearest = std::min(nearest, along - std::sqrt(4 - aside));
        }
        if (std::isinf(nearest)) continue;
        Point sphere = start;
        for (std::size_t axis = 0; axis < 3; ++axis) sphere[axis] += nearest * direction[axis];
        spheres.push_back(sphere);
    }
    return spheres;
}

double squared_radius_of_gyration(const std::vector<Point>& spheres) {
    const double count = static_cast<double>(spheres.size());
    Point centre{};
    double squares = 0;
    for (const Point& sphere : spheres) {
        squares += dot(sphere, sphere) / count;
        for (std::size_t axis = 0; axis < 3; ++axis) centre[axis] += sphere[axis] / count;
    }
    return squares - dot(centre, centre) + 0.6;
}

TEST(Ballistic, ClustersAreAsLargeAsThoseOfAProgramThatTriesEverySphere) {
    constexpr int clusters = 600;
    constexpr std::size_t particles = 64;
    std::mt19937_64 random(1);
    std::array<double, 2> sum{}, squares{};
    for (int seed = 1; seed <= clusters; ++seed) {
        Silent observer;
        const Cluster cluster =
            grow_ballistic(growth_of(3, particles, static_cast<std::uint64_t>(seed)), observer);
        const std::array<double, 2> found{
            gyration(cluster.particles).radius,
            std::sqrt(squared_radius_of_gyration(grow_by_trying_all(particles, random)))};
        for (std::size_t i = 0; i < 2; ++i) {
            sum[i] += found[i] / clusters;
            squares[i] += found[i] * found[i] / clusters;
        }
    }
    // Seeds are fixed: what is found once is found always. Three errors of the difference of the two means.
    const double error = std::sqrt((squares[0] - sum[0] * sum[0] + squares[1] - sum[1] * sum[1]) / clusters);
    EXPECT_LT(error, 0.004 * sum[0]);
    EXPECT_NEAR(sum[0], sum[1], 3 * error);
}

}  // namespace
}  // namespace assistd::simulation
