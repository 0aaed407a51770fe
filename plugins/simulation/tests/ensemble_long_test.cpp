// The tolerances of the literature, over larger clusters and more seeds. A few minutes.
//   2-D: Ossadnik et al., cond-mat/9402003: 1.712 +/- 0.003. 3-D: 2.50. N = 256, mean of 50:
//   PMC3569621: 2.25.

#include "tests/support.h"

namespace assistd::simulation {
namespace {

TEST(DlaEnsemble, FractalDimensionIn2D) {
    const Ensemble df = fractal_dimension(2, 300000, 16);
    EXPECT_NEAR(df.mean, 1.71, 0.02) << "standard error " << df.standard_error;
}

TEST(DlaEnsemble, FractalDimensionIn3D) {
    const Ensemble df = fractal_dimension(3, 200000, 12);
    EXPECT_NEAR(df.mean, 2.50, 0.05) << "standard error " << df.standard_error;
}

TEST(DlaEnsemble, OneContactForEachParticleInLargeClusters) {
    EXPECT_EQ(contacts_of(grow(dla_of(2, 1000000, 1))).pairs, 999999u);
    EXPECT_EQ(contacts_of(grow(dla_of(3, 300000, 1))).pairs, 299999u);
}

}  // namespace
}  // namespace assistd::simulation
