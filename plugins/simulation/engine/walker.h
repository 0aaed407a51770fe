#pragma once
// One walker: a sphere that diffuses in from infinity until it touches the cluster. Belongs to one run, one
// thread.
//
// All of its steps are exact samples of where Brownian motion first leaves a region free of particles, so
// there is no step length, no kill radius and no tolerance that a result could depend on:
//  - far from everything, the sphere around the walker whose radius the occupancy index guarantees to be free
//    (walk on spheres);
//  - outside the launch sphere, the launch sphere itself, by the Poisson kernel; in three dimensions the
//  walker gets
//    back with probability R/r, else it has gone to infinity and a new one is drawn;
//  - near particle i, a ball B that meets only i, less i itself. Either the walker reaches i, and touches it
//  exactly
//    there, or it leaves through B's outer part. B is chosen orthogonal to i's contact sphere, which makes
//    the law elementary: the density of arrival at y is the Poisson kernel of the one sphere alone, times
//        1 - (R |p - y| / |R^2 e + t (q - y)|)^D           (and the mirror image of this for the other
//        sphere),
//    the method of images. It is sampled by drawing from the mixture of both kernels and rejecting; one try
//    in one to two is accepted.
// Only a walker that has come closer than `touching` (1e-9 a) to one particle without the above having caught
// it is moved to contact straight away; that happens in notches where two contact spheres meet, and shifts it
// by less than 1e-9 a.

#include <vector>

#include "engine/observer.h"
#include "engine/occupancy_index.h"
#include "engine/random.h"

namespace assistd::simulation {

// How a walker meets the cluster.
struct WalkerRules {
    double sticking_probability = 1;
    // A walker that does not stick starts again this far above the surface, in its own radii (or half, a
    // quarter … as far, until that is free). At most 2.
    double reflection_height = 1;
};

template <int D>
struct Arrival {
    Vec<D> centre;
    std::int32_t parent = -1;
};

template <int D>
class Walker {
  public:
    // All of them must outlive the walker.
    Walker(const SphereStore<D>& store, const OccupancyIndex<D>& index, Random& random, Observer& observer,
           const WalkerRules& rules)
        : store_(store), index_(index), random_(random), observer_(observer), rules_(rules) {}

    // Walks a sphere of `radius` to its contact. Spheres i and the walker touch at sintering * (their radii's
    // sum). `launch_radius`: the sphere around the origin where it starts, outside of all contact spheres.
    // Throws Stopped.
    Arrival<D> walk(double radius, double sintering, double launch_radius);

    // Regions left so far, of all walks: the measure of the work.
    std::uint64_t steps() const { return steps_; }

  private:
    // A particle near the walker, by its contact sphere.
    struct Near {
        Vec<D> centre;
        double contact = 0;
        std::int32_t id = -1;
    };
    struct Closest {
        const Near* first = nullptr;
        double first_gap = 0;
        double second_gap = 0;  // the free distance when `first` is left out
    };
    enum class Outcome { free, touching };

    static constexpr double touching = 1e-9;

    bool come_back();
    void count_step();
    void gather();
    Closest closest() const;
    bool approach(Arrival<D>& arrival);
    Outcome step_around(const Closest& at);
    Outcome leave_lens(const Near& near, const Vec<D>& axis, double far, double middle, double lens_radius);
    bool sticks_or_reflects(const Near& near);
    bool overlaps(const Vec<D>& point) const;

    const SphereStore<D>& store_;
    const OccupancyIndex<D>& index_;
    Random& random_;
    Observer& observer_;
    WalkerRules rules_;

    double radius_ = 1;
    double sintering_ = 1;
    double launch_radius_ = 0;
    Vec<D> at_;
    int level_ = 0;
    std::uint64_t steps_ = 0;

    std::vector<Near> near_;  // all particles whose contact sphere is within `horizon_` of `gathered_at_`
    Vec<D> gathered_at_;
    double horizon_ = 0;
};

}  // namespace assistd::simulation
