#pragma once
// The growth algorithms beside DLA, all in one form for the tests of what they have in common.

#include <functional>
#include <string>

#include "algorithms/ballistic.h"
#include "algorithms/ballistic_cc.h"
#include "algorithms/cca.h"
#include "algorithms/eden.h"
#include "measure/mean_growth.h"
#include "tests/support.h"

namespace assistd::simulation {

struct Algorithm {
    std::string name;
    std::function<Cluster(const GrowthParameters&, Observer&)> grow;
};

inline CcaParameters cca_of(const GrowthParameters& common) {
    CcaParameters parameters;
    static_cast<GrowthParameters&>(parameters) = common;
    return parameters;
}

inline std::vector<Algorithm> growth_algorithms() {
    const auto cca = [](const GrowthParameters& common, Observer& observer) {
        return grow_cca(cca_of(common), observer).largest;
    };
    // Crowded: clusters reach around the box and into each other.
    const auto crowded = [](const GrowthParameters& common, Observer& observer) {
        CcaParameters parameters = cca_of(common);
        parameters.volume_fraction = common.dimensions == 2 ? 0.2 : 0.1;
        return grow_cca(parameters, observer).largest;
    };
    const auto reluctant = [](const GrowthParameters& common, Observer& observer) {
        CcaParameters parameters = cca_of(common);
        parameters.sticking_probability = 0.2;
        parameters.volume_fraction = 0.03;
        return grow_cca(parameters, observer).largest;
    };
    const auto eden = [](const GrowthParameters& common, Observer& observer) {
        EdenParameters parameters;
        static_cast<GrowthParameters&>(parameters) = common;
        return grow_eden(parameters, observer);
    };
    const auto rlca = [](const GrowthParameters& common, Observer& observer) {
        CcaParameters parameters = cca_of(common);
        parameters.sticking_probability = reaction_limit;
        return grow_cca(parameters, observer).largest;
    };
    return {{"reaction-limited cca", rlca},
            {"ballistic", grow_ballistic},
            {"ballistic_cc", grow_ballistic_cc},
            {"eden", eden},
            {"cca", cca},
            {"crowded cca", crowded},
            {"reluctant cca", reluctant}};
}

inline GrowthParameters growth_of(int dimensions, std::size_t particles, std::uint64_t seed) {
    GrowthParameters parameters;
    parameters.dimensions = dimensions;
    parameters.n_particles = particles;
    parameters.seed = seed;
    return parameters;
}

inline Cluster grow(const Algorithm& algorithm, const GrowthParameters& parameters) {
    Silent observer;
    return algorithm.grow(parameters, observer);
}

// Df and kf as `seeds` runs report them.
struct EnsembleFit {
    Ensemble df;  // of each cluster's own growth
    Ensemble kf;
    GrowthFit together;  // of the mean growth
};
EnsembleFit ensemble_fit(const Algorithm& algorithm, int dimensions, std::size_t particles, int seeds);

}  // namespace assistd::simulation
