#include "tests/growths.h"

namespace assistd::simulation {

EnsembleFit ensemble_fit(const Algorithm& algorithm, int dimensions, std::size_t particles, int seeds) {
    std::vector<double> df, kf;
    MeanGrowth all;
    for (int seed = 1; seed <= seeds; ++seed) {
        const auto growth =
            grow(algorithm, growth_of(dimensions, particles, static_cast<std::uint64_t>(seed))).growth;
        all.add(growth);
        const GrowthFit fit = fit_growth(growth);
        df.push_back(fit.df);
        kf.push_back(fit.kf);
    }
    return {ensemble_of(df), ensemble_of(kf), all.fit()};
}

}  // namespace assistd::simulation
