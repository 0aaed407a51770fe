// Target Df and kf over ensembles of fifty clusters of 20 to 1024 spheres with broad radii, which takes
// longest for compact clusters: Moran et al. 2019, within 1 %. About a minute.

#include "algorithms/tunable.h"

#include "tests/support.h"

namespace assistd::simulation {
namespace {

TEST(TunableEnsemble, BroadRadiiAndCompactTarget) {
    constexpr double df = 2.60, kf = 0.25;
    std::vector<GrowthPoint> points;
    for (int i = 0; i < 50; ++i) {
        TunableParameters parameters;
        parameters.n_particles = static_cast<std::size_t>(std::round(20 * std::pow(51.2, i / 49.0)));
        parameters.target_df = df;
        parameters.target_kf = kf;
        parameters.sizes = {SizeLaw::Kind::lognormal, 1, 1, 2};
        parameters.seed = static_cast<std::uint64_t>(i) + 1;
        Silent observer;
        const Cluster cluster = grow_tunable(parameters, observer).cluster;
        EXPECT_EQ(contacts_of(cluster).overlapping, 0u);
        points.push_back({parameters.n_particles, gyration(cluster.particles).radius});
    }
    const GrowthFit fit = fit_growth(points);
    EXPECT_NEAR(fit.df, df, 0.01 * df);
    EXPECT_NEAR(fit.kf, kf, 0.01 * kf);
}

}  // namespace
}  // namespace assistd::simulation
