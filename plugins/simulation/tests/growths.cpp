#include "tests/growths.h"

#include <map>

namespace assistd::simulation {

EnsembleFit ensemble_fit(const Algorithm& algorithm, int dimensions, std::size_t particles, int seeds) {
    std::map<std::size_t, std::pair<double, int>> logs;
    std::vector<double> single;
    for (int seed = 1; seed <= seeds; ++seed) {
        const Cluster cluster =
            grow(algorithm, growth_of(dimensions, particles, static_cast<std::uint64_t>(seed)));
        single.push_back(fit_growth(cluster.growth).df);
        for (const GrowthPoint& point : cluster.growth) {
            auto& [sum, count] = logs[point.particles];
            sum += std::log(point.radius_of_gyration);
            ++count;
        }
    }
    std::vector<GrowthPoint> mean;
    for (const auto& [n, log] : logs) mean.push_back({n, std::exp(log.first / log.second)});
    return {fit_growth(mean), ensemble_of(single)};
}

}  // namespace assistd::simulation
