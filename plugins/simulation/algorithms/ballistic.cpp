#include "algorithms/ballistic.h"

#include <cmath>

#include "engine/rotation.h"
#include "engine/seeded_growth.h"
#include "engine/straight_path.h"

namespace assistd::simulation {

namespace {

// Near particles are looked for within this distance (in mean radii) of the path's current place.
constexpr double horizon = 4;
constexpr std::uint64_t poll_every = 256;

template <int D>
class Growth {
  public:
    Growth(const GrowthParameters& parameters, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(parameters.seed),
          cluster_(parameters.n_particles, 1.6 * std::pow(double(parameters.n_particles), 1.0 / D),
                   observer) {}

    Cluster run() {
        cluster_.place({}, parameters_.sizes.draw(random_), -1);
        while (cluster_.size() < parameters_.n_particles) {
            const double radius = parameters_.sizes.draw(random_);
            const double sintering = parameters_.sintering.draw(random_);
            while (!shoot(radius, sintering)) {}
        }
        return cluster_.result(steps_);
    }

  private:
    // One straight path; false when it passes by.
    bool shoot(double radius, double sintering) {
        const double launch = cluster_.extent() + radius;
        cluster_.cover(launch);
        const Vec<D> direction = random_.template direction<D>();
        const Vec<D> aside = impact_parameter<D>(random_, direction, launch);
        const double half = std::sqrt(std::max(0.0, launch * launch - dot(aside, aside)));
        double gone = -half;
        while (gone < half) {
            if (++steps_ % poll_every == 0 && observer_.should_stop()) throw Stopped();
            const Vec<D> at = aside + direction * gone;
            const double free = cluster_.index().clearance(at, level_) - radius;
            if (free > horizon) {
                gone += free;
                continue;
            }
            // Exactly, among all that can be touched on the next piece.
            double nearest = never;
            std::int32_t parent = -1;
            const SphereStore<D>& store = cluster_.store();
            cluster_.index().visit_near(
                store, at, radius + horizon, [&](std::int32_t id, const Sphere<D>& sphere) {
                    const double path = path_to_contact(sphere.centre - at, direction,
                                                        sintering * (radius + double(sphere.radius)));
                    if (path < nearest) {
                        nearest = path;
                        parent = id;
                    }
                });
            if (nearest <= horizon) {
                cluster_.place(at + direction * nearest, radius, parent);
                return true;
            }
            gone += horizon;
        }
        return false;
    }

    const GrowthParameters& parameters_;
    Observer& observer_;
    Random random_;
    SeededGrowth<D> cluster_;
    std::uint64_t steps_ = 0;
    int level_ = 0;
};

}  // namespace

Cluster grow_ballistic(const GrowthParameters& parameters, Observer& observer) {
    if (parameters.dimensions == 2) return Growth<2>(parameters, observer).run();
    return Growth<3>(parameters, observer).run();
}

}  // namespace assistd::simulation
