// What moving clusters stand on: turns, straight paths, sphere trees, the periodic box, drawing by rates.

#include <numeric>

#include "engine/cluster_mass.h"
#include "engine/free_surface.h"
#include "engine/merge_record.h"
#include "engine/periodic_space.h"
#include "engine/rate_classes.h"
#include "engine/sphere_forest.h"
#include "tests/support.h"

namespace assistd::simulation {
namespace {

template <int D>
Vec<D> random_point(Random& random, double size) {
    Vec<D> point;
    for (int axis = 0; axis < D; ++axis) point[axis] = random.uniform(-size, size);
    return point;
}

template <int D>
void expect_even_turns() {
    Random random(5);
    // Where a fixed direction is turned to must be even: mean 0, mean square 1/D on each axis.
    Vec<D> fixed;
    fixed[0] = 0.6;
    fixed[1] = 0.8;
    Vec<D> sum, squares;
    constexpr int turns = 40000;
    for (int i = 0; i < turns; ++i) {
        const Rotation<D> turn = random_rotation<D>(random);
        const Vec<D> turned = turn(fixed);
        ASSERT_NEAR(norm(turned), 1, 1e-12);
        ASSERT_NEAR(dot(turn.rows[0], turn.rows[1]), 0, 1e-12);
        for (int axis = 0; axis < D; ++axis) {
            sum[axis] += turned[axis] / turns;
            squares[axis] += turned[axis] * turned[axis] / turns;
        }
    }
    for (int axis = 0; axis < D; ++axis) {
        EXPECT_NEAR(sum[axis], 0, 0.015);
        EXPECT_NEAR(squares[axis], 1.0 / D, 0.01);
    }
}

TEST(Rotation, IsEvenInAllDirections) {
    expect_even_turns<2>();
    expect_even_turns<3>();
}

TEST(ImpactParameter, IsEvenOnTheDiscAcrossThePath) {
    Random random(6);
    double square = 0;
    constexpr int paths = 40000;
    for (int i = 0; i < paths; ++i) {
        const Vec<3> axis = random.direction<3>();
        const Vec<3> aside = impact_parameter<3>(random, axis, 2);
        ASSERT_NEAR(dot(axis, aside), 0, 1e-12);
        ASSERT_LE(norm(aside), 2 + 1e-12);
        square += dot(aside, aside) / paths;
    }
    EXPECT_NEAR(square, 2, 0.03);  // R^2 / 2
}

TEST(StraightPath, FindsTheContactExactly) {
    EXPECT_NEAR(path_to_contact<3>({{10, 0, 0}}, {{1, 0, 0}}, 2), 8, 1e-14);
    EXPECT_NEAR(path_to_contact<3>({{10, 1.2, 0}}, {{1, 0, 0}}, 2), 10 - 1.6, 1e-13);
    EXPECT_EQ(path_to_contact<3>({{10, 2.1, 0}}, {{1, 0, 0}}, 2), never);
    EXPECT_EQ(path_to_contact<3>({{-10, 0, 0}}, {{1, 0, 0}}, 2), never);
    EXPECT_EQ(path_to_contact<2>({{1, 0}}, {{1, 0}}, 2), 0);
    EXPECT_EQ(path_to_contact<2>({{-1, 0}}, {{1, 0}}, 2), never);
}

// Against all pairs, for clusters whose trees were joined one by one, and again when they were rebuilt.
template <int D>
void expect_first_contacts() {
    Random random(7);
    Silent observer;
    for (int round = 0; round < 200; ++round) {
        SphereForest<D> forest(observer);
        constexpr int each = 40;
        for (int i = 0; i < 2 * each; ++i) forest.add(random_point<D>(random, 10), random.uniform(0.2, 1.5));
        std::int32_t one = 0, other = each;
        for (int i = 1; i < each; ++i) {
            one = forest.join(one, i);
            other = forest.join(other, each + i);
        }
        if (round % 2 == 1) {
            one = forest.rebuild(one);
            other = forest.rebuild(other);
        }
        const Vec<D> direction = random.direction<D>();
        const Vec<D> offset = direction * -40.0 + impact_parameter<D>(random, direction, 12);
        const double factor = random.uniform(0.5, 1);
        Contact expected;
        for (int i = 0; i < each; ++i)
            for (int j = each; j < 2 * each; ++j) {
                const double path = path_to_contact(forest[j].centre - forest[i].centre - offset, direction,
                                                    factor * (forest[i].radius + forest[j].radius));
                if (path < expected.path) expected = {path, i, j};
            }
        const Contact found = forest.first_contact(one, other, offset, direction, factor, never);
        EXPECT_EQ(found.moving, expected.moving);
        EXPECT_EQ(found.resting, expected.resting);
        EXPECT_EQ(found.path, expected.path);
        if (expected.found()) {
            EXPECT_FALSE(
                forest.first_contact(one, other, offset, direction, factor, 0.999 * expected.path).found());
        }
    }
}

TEST(SphereForest, FindsTheFirstContactOfAllPairs) {
    expect_first_contacts<2>();
    expect_first_contacts<3>();
}

TEST(SphereForest, MovesAndTurnsWholeClusters) {
    Random random(8);
    Silent observer;
    SphereForest<3> forest(observer);
    std::vector<Vec<3>> places;
    for (int i = 0; i < 100; ++i) {
        places.push_back(random_point<3>(random, 5));
        forest.add(places.back(), 1);
    }
    std::int32_t root = 0;
    for (int i = 1; i < 100; ++i) root = forest.join(root, i);
    const Rotation<3> turn = random_rotation<3>(random);
    forest.rotate(root, turn);
    forest.translate(root, {{1, 2, 3}});
    root = forest.rebuild(root);
    std::vector<int> seen(100, 0);
    forest.visit_spheres(root, [&](std::int32_t leaf) {
        ++seen[static_cast<std::size_t>(leaf)];
        const Vec<3> expected = turn(places[static_cast<std::size_t>(leaf)]) + Vec<3>{{1, 2, 3}};
        EXPECT_NEAR(distance(forest[leaf].centre, expected), 0, 1e-12);
        EXPECT_LE(distance(forest[leaf].centre, forest[root].centre) + 1, forest[root].radius * (1 + 1e-9));
    });
    EXPECT_EQ(seen, std::vector<int>(100, 1));
}

TEST(ClusterMass, MergesToTheRgOfAllSpheres) {
    Random random(9);
    std::vector<Particle> particles;
    ClusterMass<3> whole;
    for (int i = 0; i < 50; ++i) {
        const Vec<3> at = random_point<3>(random, 20);
        const double radius = random.uniform(0.5, 3);
        particles.push_back({at[0], at[1], at[2], radius, -1});
        const auto one = ClusterMass<3>::of_sphere(at, radius);
        whole = i == 0 ? one : merged(whole, one);
    }
    EXPECT_EQ(whole.particles, 50u);
    EXPECT_NEAR(whole.radius_of_gyration(), gyration(particles).radius, 1e-10);
}

template <int D>
void expect_near_balls() {
    Random random(10);
    constexpr std::int32_t balls = 300;
    PeriodicSpace<D> space(50, balls);
    std::vector<Vec<D>> centres(balls);
    std::vector<double> radii(balls);
    for (std::int32_t i = 0; i < balls; ++i) {
        const auto at = static_cast<std::size_t>(i);
        centres[at] = random_point<D>(random, 200);
        radii[at] = i < 290 ? 1 : random.uniform(2, 12);
        space.add(i, centres[at], radii[at]);
    }
    for (std::int32_t i = 0; i < balls; i += 2) {
        centres[static_cast<std::size_t>(i)] += random_point<D>(random, 30);
        space.move(i, centres[static_cast<std::size_t>(i)]);
    }
    for (std::int32_t i = 0; i < balls; i += 7) space.remove(i);
    for (int query = 0; query < 200; ++query) {
        const Vec<D> from = random_point<D>(random, 100);
        const double radius = random.uniform(0, 5), within = random.uniform(0, 20);
        std::vector<int> seen(balls, 0);
        space.visit_near(from, radius, within,
                         [&](std::int32_t ball) { ++seen[static_cast<std::size_t>(ball)]; });
        for (std::size_t i = 0; i < balls; ++i) {
            ASSERT_LE(seen[i], i % 7 == 0 ? 0 : 1);
            const double gap = norm(space.shortest(centres[i] - from)) - radius - radii[i];
            if (i % 7 != 0 && gap < within) {
                ASSERT_EQ(seen[i], 1) << i;
            }
        }
    }
}

TEST(PeriodicSpace, FindsAllThatIsNear) {
    expect_near_balls<2>();
    expect_near_balls<3>();
}

TEST(RateClasses, DrawsInProportionToTheRates) {
    Random random(11);
    RateClasses rates(6);
    const std::vector<double> wanted{0.001, 3, 1, 0, 0.7, 0.3};
    for (std::int32_t i = 0; i < 6; ++i) rates.set(i, 5);
    for (std::int32_t i = 0; i < 6; ++i) rates.set(i, wanted[static_cast<std::size_t>(i)]);
    std::vector<double> drawn(6, 0);
    constexpr int draws = 200000;
    for (int i = 0; i < draws; ++i) drawn[static_cast<std::size_t>(rates.draw(random))] += 1.0 / draws;
    const double sum = std::accumulate(wanted.begin(), wanted.end(), 0.0);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_NEAR(drawn[i], wanted[i] / sum, 4 * std::sqrt(wanted[i] / sum / draws) + 1e-12) << i;
}

TEST(FreeSurface, SaysWhetherAnyPlaceIsLeft) {
    // Flat: six neighbours around one leave no room, five do.
    std::vector<Obstacle<2>> ring;
    for (int i = 0; i < 6; ++i) {
        const double angle = i * std::acos(0.5);
        ring.push_back({{{2 * std::cos(angle), 2 * std::sin(angle)}}, 2 - 1e-9});
    }
    EXPECT_FALSE(has_room<2>({}, 2, ring));
    ring.pop_back();
    EXPECT_TRUE(has_room<2>({}, 2, ring));
    EXPECT_TRUE(has_room<3>({}, 2, {}));
    EXPECT_TRUE(has_room<3>({}, 2, {{{{2, 0, 0}}, 2}}));
    EXPECT_FALSE(has_room<3>({}, 2, {{{{1, 0, 0}}, 4}}));
}

// A place that tries find is a place that the exact answer must know of.
TEST(FreeSurface, AgreesWithManyTries) {
    Random random(12);
    int with = 0, without = 0;
    for (int round = 0; round < 2000; ++round) {
        std::vector<Obstacle<3>> obstacles;
        const int count = 4 + static_cast<int>(random.uniform() * 12);
        for (int i = 0; i < count; ++i)
            obstacles.push_back({random.direction<3>() * random.uniform(2, 3.5), 2.8});
        bool found = false;
        for (int i = 0; i < 400 && !found; ++i) {
            const Vec<3> place = random.direction<3>() * 2.0;
            found = std::none_of(obstacles.begin(), obstacles.end(), [&](const Obstacle<3>& each) {
                return distance(each.centre, place) < each.distance;
            });
        }
        const bool room = has_room<3>({}, 2, obstacles);
        ++(room ? with : without);
        if (found) {
            ASSERT_TRUE(room);
        }
    }
    EXPECT_GT(with, 100);
    EXPECT_GT(without, 100);
}

TEST(MergeRecord, EndsWithTheLastClusterAndHasAtMost200Points) {
    MergeRecord record(100000);
    for (std::size_t n = 1; n <= 100000; n = n * 11 / 10 + 1)
        record.add(n, std::pow(static_cast<double>(n) / 1.4, 1 / 1.78));
    const auto points = record.evolution(100000, std::pow(100000 / 1.4, 1 / 1.78));
    EXPECT_LE(points.size(), 200u);
    EXPECT_EQ(points.back().particles, 100000u);
    EXPECT_TRUE(std::is_sorted(points.begin(), points.end(),
                               [](const auto& a, const auto& b) { return a.particles < b.particles; }));
    EXPECT_NEAR(fit_growth(points).df, 1.78, 0.01);
}

}  // namespace
}  // namespace assistd::simulation
