#pragma once
// Distances from chosen centres to all particles, sorted into bins. A bin is looked up by the highest bits of
// the squared distance, which makes 10^9 of them a matter of seconds. Pure functions and values.

#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "assistd/particles.hpp"

namespace assistd::analysis {

// A particle as the counting needs it: lengths in `unit`, volume in mean volumes.
struct Point {
    double x;
    double y;
    double z;
    double mass;
};

// Each bin is at least a unit and a tenth of its distance wide, so that the shells of a lattice of that
// spacing fall into bins of their own. The first begins at half a unit.
class DistanceBins {
  public:
    // For distances up to about `most`.
    explicit DistanceBins(double most);

    int count() const { return static_cast<int>(edges_.size()) - 1; }
    // -1 for what is nearer than the first bin, count() for what is farther than the last.
    int bin(double distance2) const {
        const int at = index(distance2) - first_;
        if (at < 0) return -1;
        return static_cast<std::size_t>(at) < bin_of_.size() ? bin_of_[static_cast<std::size_t>(at)]
                                                             : count();
    }
    double low(int bin) const { return edges_[static_cast<std::size_t>(bin)]; }
    double high(int bin) const { return edges_[static_cast<std::size_t>(bin) + 1]; }

  private:
    // The exponent and the five highest bits of the fraction: steps of 1 to 1.5 % in the distance.
    static int index(double distance2) {
        return static_cast<int>(std::bit_cast<std::uint64_t>(distance2) >> 47);
    }

    int first_;
    std::vector<int> bin_of_;  // of each step
    std::vector<double> edges_;
};

// What surrounds one centre: number and mass of other particles per bin, and what is closer than the first
// bin.
struct Surroundings {
    std::vector<double> number;
    std::vector<double> mass;
    double nearer_mass = 0;  // the centre itself included
};

Surroundings around(const Point& centre, std::span<const Point> points, const DistanceBins& bins,
                    int dimensions);

}  // namespace assistd::analysis
