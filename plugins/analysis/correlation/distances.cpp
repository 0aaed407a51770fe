#include "correlation/distances.h"

#include <algorithm>
#include <cmath>

namespace assistd::analysis {

DistanceBins::DistanceBins(double most) : first_(index(0.25)) {
    const auto edge = [](int step) {
        return std::sqrt(std::bit_cast<double>(static_cast<std::uint64_t>(step) << 47));
    };
    edges_.push_back(edge(first_));
    for (int step = first_; edges_.back() < most; ++step) {
        bin_of_.push_back(static_cast<int>(edges_.size()) - 1);
        const double low = edges_.back(), high = edge(step + 1);
        if (high - low >= std::max(0.99, 0.1 * low)) edges_.push_back(high);
    }
    if (edges_.size() < 2) edges_.push_back(edge(first_ + static_cast<int>(bin_of_.size())));
}

Surroundings around(const Point& centre, std::span<const Point> points, const DistanceBins& bins,
                    int dimensions) {
    const auto count = static_cast<unsigned>(bins.count());
    Surroundings found{std::vector<double>(count), std::vector<double>(count), 0};
    const double z_weight = dimensions == 3 ? 1 : 0;
    for (const Point& point : points) {
        const double x = point.x - centre.x, y = point.y - centre.y, z = point.z - centre.z;
        const int bin = bins.bin(x * x + y * y + z_weight * z * z);
        if (bin < 0) {
            found.nearer_mass += point.mass;
        } else if (static_cast<unsigned>(bin) < count) {
            found.number[static_cast<unsigned>(bin)] += 1;
            found.mass[static_cast<unsigned>(bin)] += point.mass;
        }
    }
    return found;
}

}  // namespace assistd::analysis
