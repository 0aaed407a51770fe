#pragma once
// What a cluster that grows by one particle at a time from one in the origin needs: its particles, the
// occupancy index, the statistics and its extent. Belongs to one run, one thread.

#include <algorithm>

#include "engine/cluster.h"
#include "engine/occupancy_index.h"

namespace assistd::simulation {

template <int D>
class SeededGrowth {
  public:
    // `extent` is only a hint of how far it will reach; the index grows when it is wrong.
    SeededGrowth(std::size_t particles, double extent, Observer& observer)
        : observer_(observer), index_(finest_cell, extent), statistics_(particles) {
        store_.reserve(particles);
    }

    // Throws Stopped.
    void place(const Vec<D>& centre, double radius, std::int32_t parent) {
        extent_ = std::max(extent_, norm(centre) + radius);
        if (extent_ > index_.half_side()) index_.grow(store_, 1.26 * extent_, observer_);
        store_.spheres.push_back({centre, static_cast<float>(radius), -1});
        store_.parents.push_back(parent);
        index_.add(store_, static_cast<std::int32_t>(store_.size()) - 1);
        statistics_.add(centre, radius);
        if (store_.size() % progress_every == 0)
            observer_.on_progress(store_.size(), statistics_.radius_of_gyration());
    }
    // Makes sure that places up to `radius` from the origin may be asked for. Throws Stopped.
    void cover(double radius) {
        if (radius > index_.half_side()) index_.grow(store_, 1.26 * radius, observer_);
    }

    std::size_t size() const { return store_.size(); }
    double extent() const { return extent_; }  // from the origin to the farthest surface
    const SphereStore<D>& store() const { return store_; }
    const OccupancyIndex<D>& index() const { return index_; }

    Cluster result(std::uint64_t steps, std::size_t more_bytes = 0) const {
        Cluster cluster;
        cluster.dimensions = D;
        cluster.growth = statistics_.evolution();
        cluster.walker_steps = steps;
        cluster.growth_bytes_per_particle =
            static_cast<double>(index_.bytes() + store_.bytes() + more_bytes) /
            static_cast<double>(store_.size());
        cluster.particles.reserve(store_.size());
        for (std::size_t i = 0; i < store_.size(); ++i) {
            const Sphere<D>& sphere = store_.spheres[i];
            cluster.particles.push_back({sphere.centre[0], sphere.centre[1],
                                         D == 3 ? sphere.centre[D - 1] : 0, sphere.radius,
                                         store_.parents[i]});
        }
        return cluster;
    }

  private:
    static constexpr double finest_cell = 4;  // as for DLA
    static constexpr std::size_t progress_every = 256;

    Observer& observer_;
    SphereStore<D> store_;
    OccupancyIndex<D> index_;
    GrowthStatistics<D> statistics_;
    double extent_ = 0;
};

}  // namespace assistd::simulation
