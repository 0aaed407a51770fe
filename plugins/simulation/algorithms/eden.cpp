#include "algorithms/eden.h"

#include <cmath>

#include "engine/free_surface.h"
#include "engine/seeded_growth.h"

namespace assistd::simulation {

namespace {

// After so many tries without success it is worth asking whether there is any room left.
constexpr std::uint8_t tries_before_asking = 8;
constexpr std::uint64_t poll_every = 1024;

template <int D>
class Growth {
  public:
    Growth(const EdenParameters& parameters, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(parameters.seed),
          cluster_(parameters.n_particles, 1.3 * std::pow(double(parameters.n_particles), 1.0 / D), observer),
          failed_(parameters.n_particles, 0) {}

    Cluster run() {
        cluster_.place({}, parameters_.sizes.draw(random_), -1);
        active_.push_back(0);
        draw_next();
        while (cluster_.size() < parameters_.n_particles) generation();
        return cluster_.result(tries_, failed_.size() + active_.capacity() * sizeof(std::int32_t));
    }

  private:
    // Every particle that was there at its beginning, in random order.
    void generation() {
        std::size_t left = active_.size();
        while (left > 0 && cluster_.size() < parameters_.n_particles) {
            if (++tries_ % poll_every == 0 && observer_.should_stop()) throw Stopped();
            // Those that have had their turn stand behind the first `left`.
            const auto at = static_cast<std::size_t>(random_.uniform() * static_cast<double>(left));
            const std::int32_t parent = active_[at];
            --left;
            std::swap(active_[at], active_[left]);
            if (random_.uniform() >= parameters_.growth_probability) continue;
            if (divide(parent)) continue;
            if (++failed_[static_cast<std::size_t>(parent)] < tries_before_asking) continue;
            failed_[static_cast<std::size_t>(parent)] = 0;
            if (may_still_divide(parent)) continue;
            active_[left] = active_.back();
            active_.pop_back();
        }
    }

    bool divide(std::int32_t parent) {
        const Sphere<D>& mother = cluster_.store().spheres[static_cast<std::size_t>(parent)];
        const double contact = sintering_ * (radius_ + double(mother.radius));
        const Vec<D> place = mother.centre + random_.template direction<D>() * contact;
        cluster_.cover(norm(place) + radius_);
        bool taken = false;
        cluster_.index().visit_near(cluster_.store(), place, radius_,
                                    [&](std::int32_t id, const Sphere<D>& sphere) {
                                        const double least = sintering_ * (radius_ + double(sphere.radius));
                                        const Vec<D> apart = sphere.centre - place;
                                        taken = taken || (id != parent && dot(apart, apart) < least * least);
                                    });
        if (taken) return false;
        active_.push_back(static_cast<std::int32_t>(cluster_.size()));
        cluster_.place(place, radius_, parent);
        draw_next();
        return true;
    }

    // Whether the smallest particle that there may ever be finds a place. When the depth of contacts varies,
    // asked for the deepest, with the obstacles shrunk by what a less deep one could gain: never a wrong no.
    bool may_still_divide(std::int32_t parent) {
        const Sphere<D>& mother = cluster_.store().spheres[static_cast<std::size_t>(parent)];
        const double radius = parameters_.sizes.smallest();
        const double factor = parameters_.sintering.smallest();
        const double range = parameters_.sintering.largest() - factor;
        const double contact = factor * (radius + double(mother.radius));
        obstacles_.clear();
        const auto add = [&](std::int32_t id, const Sphere<D>& sphere) {
            if (id == parent) return;
            const double gain = range * std::max(0.0, double(mother.radius) - double(sphere.radius));
            obstacles_.push_back({sphere.centre, factor * (radius + double(sphere.radius)) - gain});
        };
        cluster_.index().visit_near(cluster_.store(), mother.centre, contact + radius, add);
        return has_room<D>(mother.centre, contact, obstacles_);
    }

    void draw_next() {
        radius_ = parameters_.sizes.draw(random_);
        sintering_ = parameters_.sintering.draw(random_);
    }

    const EdenParameters& parameters_;
    Observer& observer_;
    Random random_;
    SeededGrowth<D> cluster_;
    std::vector<std::int32_t> active_;  // that may have room; places in the cluster
    std::vector<std::uint8_t> failed_;  // tries in a row, of each particle
    std::vector<Obstacle<D>> obstacles_;
    double radius_ = 1;  // of the next particle, kept until it has found its place: else small ones would be
    double sintering_ = 1;  // favoured
    std::uint64_t tries_ = 0;
};

}  // namespace

Cluster grow_eden(const EdenParameters& parameters, Observer& observer) {
    if (parameters.dimensions == 2) return Growth<2>(parameters, observer).run();
    return Growth<3>(parameters, observer).run();
}

}  // namespace assistd::simulation
