// The index must never promise more room than there is, and should promise most of what there is.

#include "engine/occupancy_index.h"

#include <set>

#include "tests/support.h"

namespace assistd::simulation {
namespace {

template <int D>
SphereStore<D> scattered(Random& random, int count, double extent, double smallest, double largest) {
    SphereStore<D> store;
    for (int i = 0; i < count; ++i) {
        Vec<D> centre;
        for (int axis = 0; axis < D; ++axis) centre[axis] = random.uniform(-extent, extent);
        store.spheres.push_back({centre, static_cast<float>(random.uniform(smallest, largest)), -1});
        store.parents.push_back(-1);
    }
    return store;
}

template <int D>
double true_clearance(const SphereStore<D>& store, const Vec<D>& point) {
    double nearest = 1e300;
    for (const Sphere<D>& sphere : store.spheres)
        nearest = std::min(nearest, distance(point, sphere.centre) - static_cast<double>(sphere.radius));
    return nearest;
}

template <int D>
void clearance_is_a_good_lower_bound(double smallest, double largest) {
    Random random(5);
    SphereStore<D> store = scattered<D>(random, 60, 100, smallest, largest);
    OccupancyIndex<D> index(4, 400);
    for (int i = 0; i < 60; ++i) index.add(store, i);
    double sum = 0;
    int counted = 0;
    int level = 0;
    for (int i = 0; i < 20000; ++i) {
        Vec<D> point;
        const double extent = i % 2 == 0 ? 110 : 399;
        for (int axis = 0; axis < D; ++axis) point[axis] = random.uniform(-extent, extent);
        const double bound = index.clearance(point, level);
        const double exact = true_clearance(store, point);
        ASSERT_LE(bound, std::max(0.0, exact)) << "at level " << level;
        if (exact < 10) continue;
        sum += bound / exact;
        ++counted;
    }
    EXPECT_GT(sum / counted, D == 2 ? 0.6 : 0.45) << "radii " << smallest << " to " << largest;
}

TEST(OccupancyIndex, ClearanceIsAGoodLowerBound) {
    clearance_is_a_good_lower_bound<2>(1, 1);
    clearance_is_a_good_lower_bound<3>(1, 1);
    clearance_is_a_good_lower_bound<2>(0.1, 9);
    clearance_is_a_good_lower_bound<3>(0.1, 9);
}

template <int D>
void finds_all_that_are_near() {
    Random random(6);
    SphereStore<D> store = scattered<D>(random, 400, 60, 0.2, 8);
    OccupancyIndex<D> index(4, 30);
    Silent observer;
    index.grow(store, 70, observer);
    EXPECT_GE(index.half_side(), 70);
    for (int i = 0; i < 300; ++i) {
        Vec<D> point;
        for (int axis = 0; axis < D; ++axis) point[axis] = random.uniform(-60, 60);
        std::multiset<std::int32_t> seen;
        index.visit_near(store, point, 6, [&](std::int32_t id, const Sphere<D>&) { seen.insert(id); });
        for (std::int32_t id = 0; id < 400; ++id) {
            const Sphere<D>& sphere = store.spheres[static_cast<std::size_t>(id)];
            ASSERT_LE(seen.count(id), 1u);
            if (distance(point, sphere.centre) - static_cast<double>(sphere.radius) < 6) {
                ASSERT_EQ(seen.count(id), 1u);
            }
        }
    }
}

TEST(OccupancyIndex, FindsAllThatAreNear) {
    finds_all_that_are_near<2>();
    finds_all_that_are_near<3>();
}

}  // namespace
}  // namespace assistd::simulation
