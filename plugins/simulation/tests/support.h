#pragma once
// What several of the plugin's tests use.

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "algorithms/dla.h"
#include "engine/observer.h"
#include "measure/growth_fit.h"
#include "measure/shape.h"

namespace assistd::simulation {

class Silent : public Observer {
  public:
    void on_progress(std::size_t, double) override {}
    bool should_stop() override { return false; }
};

// What this thread has used.
inline std::chrono::nanoseconds processor_time() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

inline DlaParameters dla_of(int dimensions, std::size_t particles, std::uint64_t seed) {
    DlaParameters parameters;
    parameters.dimensions = dimensions;
    parameters.n_particles = particles;
    parameters.seed = seed;
    return parameters;
}

inline Cluster grow(const DlaParameters& parameters) {
    Silent observer;
    return grow_dla(parameters, observer);
}

inline Contacts contacts_of(const Cluster& cluster) {
    Silent observer;
    const Neighbours neighbours(cluster.particles, observer);
    return contacts(cluster.particles, neighbours, 1e-6, observer);
}

// The largest difference of the two samples' distributions, times sqrt(n m / (n + m)): above 2.2 by chance
// once in ten thousand (Kolmogorov and Smirnov).
inline double kolmogorov_smirnov(std::vector<double> one, std::vector<double> other) {
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    const double n = static_cast<double>(one.size()), m = static_cast<double>(other.size());
    double largest = 0;
    for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
        if (one[i] <= other[j])
            ++i;
        else
            ++j;
        largest = std::max(largest, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
    }
    return largest * std::sqrt(n * m / (n + m));
}

struct Ensemble {
    double mean = 0;
    double standard_error = 0;
};

inline Ensemble ensemble_of(const std::vector<double>& values) {
    const double n = static_cast<double>(values.size());
    Ensemble result;
    for (const double value : values) result.mean += value / n;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.standard_error = std::sqrt(squares / (n - 1) / n);
    return result;
}

// Fractal dimension of `seeds` DLA clusters, each from its own growth.
inline Ensemble fractal_dimension(int dimensions, std::size_t particles, int seeds) {
    std::vector<double> values;
    for (int seed = 1; seed <= seeds; ++seed)
        values.push_back(
            fit_growth(grow(dla_of(dimensions, particles, static_cast<std::uint64_t>(seed))).growth).df);
    return ensemble_of(values);
}

}  // namespace assistd::simulation
