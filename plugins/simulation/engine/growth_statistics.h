#pragma once
// Mass, centre and radius of gyration of a growing cluster, kept up to date in O(1) for each particle, and a
// record of Rg(N) at about `points` places that are even in log N. Belongs to one run, one thread.

#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/vector.h"

namespace assistd::simulation {

struct GrowthPoint {
    std::size_t particles = 0;
    double radius_of_gyration = 0;
};

template <int D>
class GrowthStatistics {
  public:
    explicit GrowthStatistics(std::size_t expected, std::size_t points = 200)
        : ratio_(std::pow(static_cast<double>(expected), 1.0 / static_cast<double>(points - 1))) {}

    void add(const Vec<D>& centre, double radius) {
        const double mass = radius * radius * radius;
        const Vec<D> off = centre - centre_;
        ++particles_;
        mass_ += mass;
        own_ += 0.6 * mass * radius * radius;
        centre_ += off * (mass / mass_);
        spread_ += mass * dot(off, centre - centre_);
        if (particles_ >= next_) record();
    }

    // sqrt(sum(3/5 r^5 + r^3 d^2) / sum(r^3)), d from the centre of mass: the spheres' own term included.
    double radius_of_gyration() const { return mass_ > 0 ? std::sqrt((own_ + spread_) / mass_) : 0; }
    const Vec<D>& centre() const { return centre_; }
    std::size_t particles() const { return particles_; }

    // Ends with the cluster as it is now.
    std::vector<GrowthPoint> evolution() const {
        std::vector<GrowthPoint> points = evolution_;
        if (particles_ > 0 && (points.empty() || points.back().particles != particles_))
            points.push_back({particles_, radius_of_gyration()});
        return points;
    }

  private:
    void record() {
        evolution_.push_back({particles_, radius_of_gyration()});
        const double next = static_cast<double>(particles_) * ratio_;
        next_ = std::max(particles_ + 1, static_cast<std::size_t>(next));
    }

    double ratio_;
    std::size_t particles_ = 0;
    std::size_t next_ = 1;
    double mass_ = 0;
    double own_ = 0;
    double spread_ = 0;
    Vec<D> centre_;
    std::vector<GrowthPoint> evolution_;
};

}  // namespace assistd::simulation
