#include "ensembles.h"

#include <cmath>

#include "algorithms/ballistic.h"
#include "algorithms/ballistic_cc.h"
#include "algorithms/cca.h"
#include "algorithms/dla.h"
#include "algorithms/eden.h"

namespace assistd::simulation {
namespace {

template <typename Parameters>
Parameters basics(int dimensions, std::size_t particles, std::uint64_t seed) {
    Parameters parameters;
    parameters.dimensions = dimensions;
    parameters.n_particles = particles;
    parameters.seed = seed;
    return parameters;
}

}  // namespace

Spread spread_of(const std::vector<double>& values) {
    Spread spread;
    const double n = static_cast<double>(values.size());
    for (const double value : values) spread.mean += value / n;
    double squares = 0;
    for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
    spread.deviation = std::sqrt(squares / (n - 1));
    spread.error = spread.deviation / std::sqrt(n);
    return spread;
}

Cluster dla(int dimensions, std::size_t particles, std::uint64_t seed) {
    Silent observer;
    return grow_dla(basics<DlaParameters>(dimensions, particles, seed), observer);
}

Cluster cca(double sticking, std::size_t particles, std::uint64_t seed) {
    Silent observer;
    auto parameters = basics<CcaParameters>(3, particles, seed);
    parameters.sticking_probability = sticking;
    return grow_cca(parameters, observer).largest;
}

Cluster ballistic(int dimensions, std::size_t particles, std::uint64_t seed) {
    Silent observer;
    return grow_ballistic(basics<GrowthParameters>(dimensions, particles, seed), observer);
}

Cluster ballistic_cc(std::size_t particles, std::uint64_t seed) {
    Silent observer;
    return grow_ballistic_cc(basics<GrowthParameters>(3, particles, seed), observer);
}

Cluster eden(int dimensions, std::size_t particles, std::uint64_t seed) {
    Silent observer;
    return grow_eden(basics<EdenParameters>(dimensions, particles, seed), observer);
}

}  // namespace assistd::simulation
