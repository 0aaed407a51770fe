#include "algorithms/filled_box.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

#include "engine/periodic_space.h"

namespace assistd::simulation {

namespace {

constexpr int placing_tries = 20000;
constexpr std::size_t poll_every = 256;

// Of a particle of radius 1; in two dimensions its area.
template <int D>
constexpr double unit_volume = D == 2 ? std::numbers::pi : 4.0 / 3.0 * std::numbers::pi;

template <int D>
double volume_of(const std::vector<double>& radii) {
    double sum = 0;
    for (const double radius : radii) sum += D == 2 ? radius * radius : radius * radius * radius;
    return sum * unit_volume<D>;
}

template <int D>
double side_of(const CcaParameters& parameters, double volume) {
    if (parameters.box_size > 0) return parameters.box_size;
    if (parameters.volume_fraction > 0) return std::pow(volume / parameters.volume_fraction, 1.0 / D);
    // Twice the diameter 2 Rg of the agglomerate to come, N = kf (Rg/a)^Df.
    const double n = static_cast<double>(parameters.n_particles);
    const double mean = std::pow(volume / (n * unit_volume<D>), 1.0 / D);
    const double expected = D == 2 ? std::pow(n / 1.1, 1 / 1.44) : std::pow(n / 1.4, 1 / 1.78);
    return std::max(100.0, 4 * mean * expected);
}

template <typename... Values>
BoxIsFull refusal(const char* format, Values... values) {
    char text[200];
    std::snprintf(text, sizeof text, format, values...);
    return BoxIsFull(text);
}

template <int D>
void check(const FilledBox<D>& box) {
    if (4 * box.radii[0] > box.side)
        throw refusal(
            "a box of %.4g particle radii is too narrow: it must be at least 4 times as wide as the largest "
            "radius, which is %.4g.",
            box.side, box.radii[0]);
    if (box.filling > largest_filling * 1.000001)
        throw refusal(
            "%zu particles would fill %.3g %% of a box of %.4g particle radii; it may be %.3g %% at most.",
            box.radii.size(), 100 * box.filling, box.side, 100 * largest_filling);
}

}  // namespace

template <int D>
FilledBox<D> fill_box(const CcaParameters& parameters, Random& random, Observer& observer) {
    FilledBox<D> box;
    box.radii.resize(parameters.n_particles);
    for (double& radius : box.radii) radius = parameters.sizes.draw(random);
    if (observer.should_stop()) throw Stopped();
    // The large ones are placed first, since they find room least easily.
    std::stable_sort(box.radii.begin(), box.radii.end(), std::greater<>());
    const double volume = volume_of<D>(box.radii);
    box.side = side_of<D>(parameters, volume);
    box.filling = volume / std::pow(box.side, D);
    check(box);

    PeriodicSpace<D> space(box.side, box.radii.size());
    for (const double radius : box.radii) {
        if (box.places.size() % poll_every == 0 && observer.should_stop()) throw Stopped();
        Vec<D> place;
        bool free = false;
        for (int tries = 0; !free; ++tries) {
            if (tries == placing_tries) throw BoxIsFull("the particles do not find room in the box.");
            for (int axis = 0; axis < D; ++axis) place[axis] = random.uniform(0, box.side);
            free = true;
            space.visit_near(place, radius, 0, [&](std::int32_t other) {
                const auto at = static_cast<std::size_t>(other);
                free = free && norm(space.shortest(box.places[at] - place)) >= radius + box.radii[at];
            });
        }
        space.add(static_cast<std::int32_t>(box.places.size()), place, radius);
        box.places.push_back(place);
    }
    return box;
}

template FilledBox<2> fill_box<2>(const CcaParameters&, Random&, Observer&);
template FilledBox<3> fill_box<3>(const CcaParameters&, Random&, Observer&);

}  // namespace assistd::simulation
