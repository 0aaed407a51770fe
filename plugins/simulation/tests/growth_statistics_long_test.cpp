// The tolerances of the literature, over large ensembles. Minutes.
//   DLCA 1.78 +/- 0.05, kf near 1.40: Moran et al., Comput. Phys. Commun. 239 (2019) 225. BCCA 1.88 +/- 0.05:
//   arXiv 1908.03125. RLCA 2.1 +/- 0.1: Lin et al., Phys. Rev. A 41 (1990) 2005. N = 256, mean of 50:
//   DLCA 1.79, BPCA 2.73, each +/- 0.07: PMC3569621 (README.md says what that is compared with). Ballistic
//   growth tends to the dimension of space: Ball & Witten, Phys. Rev. A 29 (1984) 2966.

#include "tests/growths.h"

namespace assistd::simulation {
namespace {

EnsembleFit fit_of(const std::string& name, int dimensions, std::size_t particles, int seeds) {
    for (const Algorithm& algorithm : growth_algorithms())
        if (algorithm.name == name) return ensemble_fit(algorithm, dimensions, particles, seeds);
    return {};
}

TEST(GrowthEnsemble, DiffusionLimitedClusterAggregation) {
    const EnsembleFit fit = fit_of("cca", 3, 1000, 100);
    EXPECT_NEAR(fit.df.mean, 1.78, 0.05) << "standard error " << fit.df.standard_error;
    EXPECT_NEAR(fit.kf.mean, 1.40, 0.2);
}

TEST(GrowthEnsemble, DiffusionLimitedClusterAggregationOf256) {
    const EnsembleFit fit = fit_of("cca", 3, 256, 200);
    EXPECT_NEAR(fit.df.mean, 1.79, 0.07) << "standard error " << fit.df.standard_error;
}

TEST(GrowthEnsemble, ReactionLimitedClusterAggregation) {
    Algorithm rlca{"rlca", [](const GrowthParameters& common, Observer& observer) {
                       CcaParameters parameters = cca_of(common);
                       parameters.sticking_probability = reaction_limit;
                       return grow_cca(parameters, observer).largest;
                   }};
    const EnsembleFit fit = ensemble_fit(rlca, 3, 1000, 60);
    EXPECT_NEAR(fit.together.df, 2.1, 0.1) << "single clusters " << fit.df.mean;
}

TEST(GrowthEnsemble, BallisticClusterAggregation) {
    const EnsembleFit fit = fit_of("ballistic_cc", 3, 4096, 300);
    EXPECT_NEAR(fit.df.mean, 1.88, 0.05) << "standard error " << fit.df.standard_error;
}

TEST(GrowthEnsemble, BallisticParticleAggregationOf256) {
    const EnsembleFit fit = fit_of("ballistic", 3, 256, 400);
    EXPECT_NEAR(fit.df.mean, 2.73, 0.07) << "standard error " << fit.df.standard_error;
}

TEST(GrowthEnsemble, BallisticParticleAggregationTendsToTheDimensionOfSpace) {
    EXPECT_NEAR(fit_of("ballistic", 3, 200000, 8).df.mean, 3, 0.08);
    EXPECT_NEAR(fit_of("ballistic", 2, 200000, 8).df.mean, 2, 0.08);
}

TEST(GrowthEnsemble, EdenGrowthTendsToTheDimensionOfSpace) {
    EXPECT_NEAR(fit_of("eden", 3, 300000, 8).df.mean, 3, 0.2);
    EXPECT_NEAR(fit_of("eden", 2, 300000, 8).df.mean, 2, 0.06);
}

TEST(GrowthEnsemble, OneContactForEachParticleInLargeClusters) {
    for (const Algorithm& algorithm : growth_algorithms()) {
        if (algorithm.name == "cca" || algorithm.name == "reluctant cca") continue;
        const Cluster cluster = grow(algorithm, growth_of(3, 30000, 1));
        const Contacts touching = contacts_of(cluster);
        EXPECT_EQ(touching.pairs, 29999u) << algorithm.name;
        EXPECT_LT(touching.largest_overlap, 1e-9) << algorithm.name;
    }
}

}  // namespace
}  // namespace assistd::simulation
