#include "tools/algorithm.h"

namespace assistd::simulation {

std::vector<AlgorithmEntry> algorithms() {
    return {dla_algorithm(),  cca_algorithm(),     ballistic_algorithm(),  ballistic_cc_algorithm(),
            eden_algorithm(), tunable_algorithm(), tunable_cc_algorithm(), limiting_algorithm()};
}

std::vector<std::string> growth_parameters(const std::vector<std::string>& own) {
    std::vector<std::string> names{"n_particles", "dimensions"};
    names.insert(names.end(), own.begin(), own.end());
    names.insert(names.end(), {"particle_radius", "radius_min", "radius_max", "sigma_g", "sintering",
                               "sintering_min", "sintering_std", "seed"});
    return names;
}

}  // namespace assistd::simulation
