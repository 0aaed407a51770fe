// The radii of gyration, prefactors and coordination numbers that are known exactly (a = 1, touching).

#include "algorithms/limiting_case.h"

#include <chrono>

#include "tests/support.h"

namespace assistd::simulation {
namespace {

Cluster build(Configuration configuration, int layers, std::optional<Packing> packing = {},
              double sintering = 1) {
    Silent observer;
    return build_limiting_case({configuration, packing, layers, sintering}, observer);
}

double rg_of(const Cluster& cluster) {
    return gyration(cluster.particles).radius;
}

struct Exact {
    Configuration configuration;
    int layers;
    std::size_t spheres;
    double rg;
};

TEST(LimitingCase, ExactRadiiOfGyration) {
    const std::vector<Exact> table = {
        {Configuration::lineal, 1, 1, std::sqrt(0.6)},   {Configuration::lineal, 2, 2, 1.26491106},
        {Configuration::lineal, 10, 10, 5.7965507},      {Configuration::lineal, 100, 100, 57.73733627},
        {Configuration::plano, 1, 7, 2.00713015},        {Configuration::plano, 2, 19, 3.27188985},
        {Configuration::plano, 10, 331, 13.56628574},    {Configuration::cuboctaedro, 1, 13, 2.07178852},
        {Configuration::cuboctaedro, 2, 55, 3.32757078}, {Configuration::cuboctaedro, 3, 147, 4.60124207},
        {Configuration::cubo, 1, 1, std::sqrt(0.6)},     {Configuration::cubo, 2, 8, std::sqrt(3.6)},
        {Configuration::cubo, 5, 125, std::sqrt(24.6)},  {Configuration::tetraedro, 2, 4, 1.44913767},
        {Configuration::octaedro, 2, 6, 1.61245155},
    };
    for (const Exact& each : table) {
        const Cluster cluster = build(each.configuration, each.layers);
        EXPECT_EQ(cluster.particles.size(), each.spheres) << name_of(each.configuration);
        EXPECT_NEAR(rg_of(cluster), each.rg, 6e-9 * each.rg + 5e-9)
            << name_of(each.configuration) << " " << each.layers;
        EXPECT_NEAR(cluster.growth.back().radius_of_gyration, rg_of(cluster), 1e-12);
    }
}

TEST(LimitingCase, MeanCoordination) {
    for (const int n : {2, 10, 100})
        EXPECT_NEAR(contacts_of(build(Configuration::lineal, n)).mean, 2.0 * (n - 1) / n, 1e-12);
    for (const int n : {2, 5})
        EXPECT_NEAR(contacts_of(build(Configuration::cubo, n)).mean, 6.0 * (n - 1) / n, 1e-12);
    EXPECT_NEAR(contacts_of(build(Configuration::cuboctaedro, 1)).mean, 5.538462, 1e-6);
    EXPECT_NEAR(contacts_of(build(Configuration::cuboctaedro, 2)).mean, 7.854545, 1e-6);
    EXPECT_NEAR(contacts_of(build(Configuration::cuboctaedro, 3)).mean, 8.979592, 1e-6);
    EXPECT_NEAR(contacts_of(build(Configuration::tetraedro, 2)).mean, 3, 1e-12);
    EXPECT_NEAR(contacts_of(build(Configuration::octaedro, 2)).mean, 4, 1e-12);
}

TEST(LimitingCase, PrefactorsAtTheExactDimension) {
    const auto prefactor = [](const Cluster& cluster, double df) {
        return static_cast<double>(cluster.particles.size()) / std::pow(rg_of(cluster), df);
    };
    EXPECT_NEAR(prefactor(build(Configuration::lineal, 100000), 1), std::sqrt(3.0), 1e-6);
    EXPECT_NEAR(prefactor(build(Configuration::plano, 300), 2), 1.8, 1e-3);
    EXPECT_NEAR(prefactor(build(Configuration::cuboctaedro, 1), 3), 1.46186437, 1e-8);
    EXPECT_NEAR(prefactor(build(Configuration::cuboctaedro, 2), 3), 1.49272836, 1e-8);
    EXPECT_NEAR(prefactor(build(Configuration::cuboctaedro, 3), 3), 1.5090099, 1e-7);
}

TEST(LimitingCase, FittedDimensionIsThatOfTheGeometry) {
    EXPECT_NEAR(fit_growth(build(Configuration::lineal, 10000).growth).df, 1, 0.01);
    EXPECT_NEAR(fit_growth(build(Configuration::plano, 60).growth).df, 2, 0.02);
    EXPECT_NEAR(fit_growth(build(Configuration::cuboctaedro, 20).growth).df, 3, 0.05);
    EXPECT_NEAR(fit_growth(build(Configuration::esfera, 12).growth).df, 3, 0.05);
}

TEST(LimitingCase, EveryStructureHoldsTogetherWithoutOverlap) {
    using enum Configuration;
    const std::vector<std::pair<Configuration, std::optional<Packing>>> all = {{lineal, {}},
                                                                               {cruz2d, {}},
                                                                               {asterisco, {}},
                                                                               {cruz3d, {}},
                                                                               {plano, Packing::hc},
                                                                               {plano, Packing::cs},
                                                                               {dobleplano, Packing::hc},
                                                                               {dobleplano, Packing::cs},
                                                                               {tripleplano, Packing::cs},
                                                                               {cuboctaedro, {}},
                                                                               {cubo, {}},
                                                                               {tetraedro, {}},
                                                                               {octaedro, {}},
                                                                               {esfera, Packing::hc},
                                                                               {esfera, Packing::cs},
                                                                               {esfera, Packing::ccc}};
    for (const auto& [configuration, packing] : all) {
        for (const int layers : {1, 2, 5}) {
            const std::string which = name_of(configuration) + " " + std::to_string(layers);
            const Cluster cluster = build(configuration, layers, packing);
            const std::optional<Packing> used = packing_for({configuration, packing, layers, 1});
            const std::size_t expected = count_spheres(configuration, used, layers);
            if (configuration == esfera) {
                EXPECT_LE(cluster.particles.size(), expected) << which;
            } else {
                EXPECT_EQ(cluster.particles.size(), expected) << which;
            }
            EXPECT_LT(contacts_of(cluster).largest_overlap, 1e-9) << which;
            for (std::size_t i = 1; i < cluster.particles.size(); ++i)
                ASSERT_GE(cluster.particles[i].parent, 0) << which << ", sphere " << i;
        }
    }
    EXPECT_EQ(build(esfera, 1, Packing::hc).particles.size(), 13u);
    EXPECT_EQ(build(esfera, 1, Packing::cs).particles.size(), 7u);
    EXPECT_EQ(build(esfera, 1, Packing::ccc).particles.size(), 13u);
}

TEST(LimitingCase, SinteringBringsNeighboursCloser) {
    const Cluster chain = build(Configuration::lineal, 10, {}, 0.5);
    EXPECT_NEAR(rg_of(chain), std::sqrt((100.0 - 1) / 12 + 0.6), 1e-12);
    EXPECT_NEAR(contacts_of(chain).largest_overlap, 1, 1e-12);
}

TEST(LimitingCase, PackingsThatDoNotFitAreRefused) {
    EXPECT_FALSE(packing_for({Configuration::tripleplano, Packing::hc, 1, 1}));
    EXPECT_FALSE(packing_for({Configuration::cuboctaedro, Packing::cs, 1, 1}));
    EXPECT_FALSE(packing_for({Configuration::lineal, Packing::cs, 1, 1}));
}

}  // namespace
}  // namespace assistd::simulation
