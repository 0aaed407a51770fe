#include "algorithms/dla.h"

#include <algorithm>
#include <cmath>

#include "engine/occupancy_index.h"
#include "engine/walker.h"

namespace assistd::simulation {

namespace {

constexpr std::size_t progress_every = 256;

// Twice the mean radius: at a tip, a cell then holds about one particle.
constexpr double finest_cell = 4;

// The half side that the cluster will likely need; only a hint, the index grows when it is wrong.
template <int D>
double expected_extent(const DlaParameters& parameters) {
    const double n = static_cast<double>(parameters.n_particles);
    return D == 2 ? 1.95 * std::pow(n, 1 / 1.71) : 2.7 * std::pow(n, 1 / 2.5);
}

template <int D>
class Growth {
  public:
    Growth(const DlaParameters& parameters, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(parameters.seed),
          index_(finest_cell, expected_extent<D>(parameters)),
          statistics_(parameters.n_particles),
          walker_(store_, index_, random_, observer, {parameters.sticking_probability, 1.0}) {
        store_.reserve(parameters.n_particles);
    }

    Cluster run() {
        place({}, parameters_.sizes.draw(random_), -1);
        while (store_.size() < parameters_.n_particles) {
            const double radius = parameters_.sizes.draw(random_);
            const double sintering = parameters_.sintering.draw(random_);
            const double launch = extent_ + radius * 1.0001;
            // A walker on the launch sphere must lie within the index.
            if (launch > index_.half_side()) index_.grow(store_, 1.26 * launch, observer_);
            const Arrival<D> arrival = walker_.walk(radius, sintering, launch);
            place(arrival.centre, radius, arrival.parent);
            if (store_.size() % progress_every == 0)
                observer_.on_progress(store_.size(), statistics_.radius_of_gyration());
        }
        return result();
    }

  private:
    void place(const Vec<D>& centre, double radius, std::int32_t parent) {
        store_.spheres.push_back({centre, static_cast<float>(radius), -1});
        store_.parents.push_back(parent);
        index_.add(store_, static_cast<std::int32_t>(store_.size()) - 1);
        statistics_.add(centre, radius);
        extent_ = std::max(extent_, norm(centre) + radius);
    }

    Cluster result() const {
        Cluster cluster;
        cluster.dimensions = D;
        cluster.growth = statistics_.evolution();
        cluster.walker_steps = walker_.steps();
        cluster.growth_bytes_per_particle =
            static_cast<double>(index_.bytes() + store_.bytes()) / static_cast<double>(store_.size());
        cluster.particles.reserve(store_.size());
        for (std::size_t i = 0; i < store_.size(); ++i) {
            const Sphere<D>& sphere = store_.spheres[i];
            const double z = D == 3 ? sphere.centre[D - 1] : 0;
            cluster.particles.push_back(
                {sphere.centre[0], sphere.centre[1], z, sphere.radius, store_.parents[i]});
        }
        return cluster;
    }

    const DlaParameters& parameters_;
    Observer& observer_;
    Random random_;
    SphereStore<D> store_;
    OccupancyIndex<D> index_;
    GrowthStatistics<D> statistics_;
    Walker<D> walker_;
    double extent_ = 0;  // of the cluster, from the origin
};

}  // namespace

Cluster grow_dla(const DlaParameters& parameters, Observer& observer) {
    if (parameters.dimensions == 2) return Growth<2>(parameters, observer).run();
    return Growth<3>(parameters, observer).run();
}

}  // namespace assistd::simulation
