#include <algorithm>
#include <cmath>

#include "measure/shape.h"

namespace assistd::simulation {

Contacts contacts(std::span<const Particle> particles, const Neighbours& neighbours, double tolerance,
                  Observer& observer) {
    Contacts result;
    std::vector<std::uint16_t> counts(particles.size(), 0);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < particles.size(); ++i) {
        if ((i & 0x3ff) == 0 && observer.should_stop()) throw Stopped();
        const Particle& one = particles[i];
        // The smaller one of a pair looks for the larger one: around a large sphere there are any number of
        // places for small ones.
        neighbours.visit(one.x, one.y, one.z, one.radius + tolerance, one.radius, [&](std::size_t j) {
            if ((++seen & 0x3fff) == 0 && observer.should_stop()) throw Stopped();
            const Particle& other = particles[j];
            if (other.radius < one.radius || (other.radius == one.radius && j <= i)) return;
            const double dx = one.x - other.x, dy = one.y - other.y, dz = one.z - other.z;
            const double touching = one.radius + other.radius;
            const double limit = touching + tolerance;
            const double square = dx * dx + dy * dy + dz * dz;
            if (square > limit * limit) return;
            ++result.pairs;
            ++counts[i];
            ++counts[j];
            const double overlap = touching - std::sqrt(square);
            if (overlap > tolerance) ++result.overlapping;
            result.largest_overlap = std::max(result.largest_overlap, overlap);
        });
    }
    double squares = 0;
    for (const std::uint16_t count : counts) {
        if (result.histogram.size() <= count) result.histogram.resize(count + std::size_t{1}, 0);
        ++result.histogram[count];
        squares += static_cast<double>(count) * count;
    }
    const double n = static_cast<double>(std::max<std::size_t>(1, particles.size()));
    result.mean = 2 * static_cast<double>(result.pairs) / n;
    result.deviation = std::sqrt(std::max(0.0, squares / n - result.mean * result.mean));
    return result;
}

Sintering sintering_of(std::span<const Particle> particles) {
    double sum = 0, squares = 0, bonds = 0;
    for (const Particle& each : particles) {
        if (each.parent < 0 || static_cast<std::size_t>(each.parent) >= particles.size()) continue;
        const Particle& other = particles[static_cast<std::size_t>(each.parent)];
        const double factor =
            std::hypot(each.x - other.x, each.y - other.y, each.z - other.z) / (each.radius + other.radius);
        sum += factor;
        squares += factor * factor;
        ++bonds;
    }
    if (bonds == 0) return {};
    const double mean = sum / bonds;
    return {mean, std::sqrt(std::max(0.0, squares / bonds - mean * mean))};
}

}  // namespace assistd::simulation
