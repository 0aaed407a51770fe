// Where walkers arrive, against walks on spheres that only ever use the free sphere around the walker.

#include "engine/walker.h"

#include <numbers>

#include "engine/poisson_kernel.h"
#include "tests/support.h"

namespace assistd::simulation {
namespace {

constexpr int walks = 20000;

template <int D>
struct Scene {
    SphereStore<D> store;
    OccupancyIndex<D> index{4, 60};
    Random random{21};
    Silent observer;
    double launch = 0;

    explicit Scene(const std::vector<Sphere<D>>& spheres) {
        for (const Sphere<D>& sphere : spheres) {
            store.spheres.push_back(sphere);
            store.parents.push_back(-1);
            index.add(store, static_cast<std::int32_t>(store.size()) - 1);
            launch = std::max(launch, norm(sphere.centre) + static_cast<double>(sphere.radius) + 1.0001);
        }
    }
};

// The slow way: to within 1e-5 of a contact sphere.
template <int D>
Vec<D> plain_walk(const Scene<D>& scene, Random& random) {
    Vec<D> at = random.direction<D>() * scene.launch;
    for (;;) {
        double free = 1e300;
        for (const Sphere<D>& sphere : scene.store.spheres)
            free = std::min(free, distance(at, sphere.centre) - static_cast<double>(sphere.radius) - 1);
        if (free < 1e-5) return at;
        at += random.direction<D>() * free;
        const double far = norm(at);
        if (far <= scene.launch) continue;
        if (D == 3 && random.uniform() >= scene.launch / far)
            at = random.direction<D>() * scene.launch;
        else
            at = poisson_direction<D>(random, at * (1 / far), scene.launch / far) * scene.launch;
    }
}

// Three spheres, one of them smaller, with a notch between them.
template <int D>
std::vector<Sphere<D>> trimer() {
    Sphere<D> one, two, three;
    two.centre[0] = 2;
    three.centre[0] = 0.2;
    three.centre[1] = -std::sqrt(1.5 * 1.5 - 0.04);
    three.radius = 0.5;
    return {one, two, three};
}

template <int D>
void arrivals_follow_the_plain_walk() {
    Scene<D> scene(trimer<D>());
    Walker<D> walker(scene.store, scene.index, scene.random, scene.observer, {});
    Random random(22);
    std::array<std::vector<double>, D> fast, plain;
    std::array<int, 3> parents{};
    for (int i = 0; i < walks; ++i) {
        const Arrival<D> arrival = walker.walk(1, 1, scene.launch);
        ++parents[static_cast<std::size_t>(arrival.parent)];
        const Vec<D> slow = plain_walk<D>(scene, random);
        for (int axis = 0; axis < D; ++axis) {
            fast[axis].push_back(arrival.centre[axis]);
            plain[axis].push_back(slow[axis]);
        }
        for (std::size_t id = 0; id < 3; ++id) {
            const Sphere<D>& sphere = scene.store.spheres[id];
            const double gap =
                distance(arrival.centre, sphere.centre) - static_cast<double>(sphere.radius) - 1;
            ASSERT_GT(gap, -1e-12);
            if (static_cast<std::int32_t>(id) == arrival.parent) {
                ASSERT_LT(gap, 1e-12);
            }
        }
    }
    for (int axis = 0; axis < D; ++axis)
        EXPECT_LT(kolmogorov_smirnov(fast[axis], plain[axis]), 2.2) << D << "-D, " << axis;
    for (const int count : parents) EXPECT_GT(count, walks / 50);
}

TEST(Walker, ArrivalsFollowThePlainWalkIn2D) {
    arrivals_follow_the_plain_walk<2>();
}
TEST(Walker, ArrivalsFollowThePlainWalkIn3D) {
    arrivals_follow_the_plain_walk<3>();
}

template <int D>
void arrives_from_everywhere_alike() {
    Scene<D> scene({Sphere<D>{}});
    Walker<D> walker(scene.store, scene.index, scene.random, scene.observer, {});
    Vec<D> mean;
    std::array<double, D> squares{};
    for (int i = 0; i < walks; ++i) {
        const Vec<D> place = walker.walk(1, 1, scene.launch).centre * 0.5;
        mean += place * (1.0 / walks);
        for (int axis = 0; axis < D; ++axis) squares[axis] += place[axis] * place[axis] / walks;
    }
    EXPECT_LT(norm(mean), 4 / std::sqrt(static_cast<double>(walks)));
    for (const double square : squares)
        EXPECT_NEAR(square, 1.0 / D, 2 / std::sqrt(static_cast<double>(walks)));
}

TEST(Walker, ArrivesAtOneSphereFromEverywhereAlike) {
    arrives_from_everywhere_alike<2>();
    arrives_from_everywhere_alike<3>();
}

TEST(Walker, ReflectedWalkersReachTheNotchesMoreOften) {
    // Between two touching spheres: the nearer to the middle plane, the deeper in the notch.
    const auto mean_offset = [](double sticking) {
        Sphere<2> one, two;
        two.centre[0] = 2;
        Scene<2> scene({one, two});
        Walker<2> walker(scene.store, scene.index, scene.random, scene.observer, {sticking, 1});
        double sum = 0;
        for (int i = 0; i < walks; ++i)
            sum += std::abs(walker.walk(1, 1, scene.launch).centre[0] - 1) / walks;
        return sum;
    };
    EXPECT_LT(mean_offset(0.01), 0.98 * mean_offset(1));
}

}  // namespace
}  // namespace assistd::simulation
