#include <algorithm>
#include <cmath>
#include <numbers>

#include "measure/shape.h"

namespace assistd::simulation {

namespace {

constexpr double near_reach = 8;  // in mean radii
constexpr double near_width = 0.25;
constexpr int near_bins = 32;
constexpr int far_bins = 40;
constexpr std::size_t near_references = 4000;
constexpr std::size_t far_sample = 4000;
// So many pairs or cells take less than a millisecond.
constexpr std::size_t poll_every = 1 << 14;

double distance_of(const Particle& one, const Particle& other) {
    const double dx = one.x - other.x, dy = one.y - other.y, dz = one.z - other.z;
    return std::sqrt(dx * dx + dy * dy + dz * dz);
}

double shell(int dimensions, double low, double high) {
    return dimensions == 2 ? std::numbers::pi * (high * high - low * low)
                           : 4.0 / 3.0 * std::numbers::pi * (high * high * high - low * low * low);
}

// The centres as particles of one size. Only they count here, and among cells of very different sizes a look
// around would go through the millions of empty small ones.
std::vector<Particle> centres_of(std::span<const Particle> particles, double radius) {
    std::vector<Particle> centres(particles.begin(), particles.end());
    for (Particle& each : centres) each.radius = radius;
    return centres;
}

}  // namespace

PairCorrelation pair_correlation(std::span<const Particle> particles, int dimensions,
                                 double radius_of_gyration, Observer& observer) {
    const std::size_t count = particles.size();
    double mean_radius = 0;
    for (const Particle& each : particles) mean_radius += each.radius / static_cast<double>(count);
    const double near_limit = near_reach * mean_radius;
    PairCorrelation result;
    const auto add = [&](double low, double high, double found, std::size_t references) {
        result.r.push_back(0.5 * (low + high));
        result.g_r.push_back(found / (static_cast<double>(references) * shell(dimensions, low, high)));
    };

    std::vector<double> near(near_bins, 0);
    const double width = near_width * mean_radius;
    const std::size_t near_stride = (count + near_references - 1) / near_references;
    const std::vector<Particle> centres = centres_of(particles, mean_radius);
    const Neighbours neighbours(centres, observer);
    std::size_t near_taken = 0, seen = 0;
    for (std::size_t i = 0; i < count; i += near_stride, ++near_taken) {
        if ((near_taken & 0xf) == 0 && observer.should_stop()) throw Stopped();
        const Particle& one = particles[i];
        neighbours.visit(one.x, one.y, one.z, near_limit, mean_radius, [&](std::size_t j) {
            if (++seen % poll_every == 0 && observer.should_stop()) throw Stopped();
            // The smallest step up puts pairs in exact contact into the bin that begins there, whatever the
            // rounding.
            const auto bin = static_cast<std::size_t>(distance_of(one, particles[j]) * (1 + 1e-9) / width);
            if (j != i && bin < near_bins) near[bin] += 1;
        });
    }
    for (int bin = 0; bin < near_bins; ++bin) add(bin * width, (bin + 1) * width, near[bin], near_taken);

    const double far_limit = 4 * radius_of_gyration;
    if (far_limit <= 1.5 * near_limit) return result;
    std::vector<double> far(far_bins, 0);
    const double per_bin = std::log(far_limit / near_limit) / far_bins;
    // A sample of the particles against another one, both evenly taken; g_r counts all others.
    const std::size_t stride = (count + far_sample - 1) / far_sample;
    const std::size_t others = (count - stride / 2 + stride - 1) / stride;
    const double weight = static_cast<double>(count) / static_cast<double>(others);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count; i += stride, ++taken) {
        if ((taken & 0xf) == 0 && observer.should_stop()) throw Stopped();
        for (std::size_t j = stride / 2; j < count; j += stride) {
            const double off = distance_of(particles[i], particles[j]);
            if (off < near_limit || off >= far_limit) continue;
            const auto bin = static_cast<std::size_t>(std::log(off / near_limit) / per_bin);
            far[std::min<std::size_t>(far_bins - 1, bin)] += weight;
        }
    }
    for (int bin = 0; bin < far_bins; ++bin)
        add(near_limit * std::exp(bin * per_bin), near_limit * std::exp((bin + 1) * per_bin), far[bin],
            taken);
    return result;
}

}  // namespace assistd::simulation
