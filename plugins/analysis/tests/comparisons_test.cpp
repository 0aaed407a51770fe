// Comparisons of simulations of several kinds and sizes.

#include "tool_runs.h"

namespace assistd::analysis {
namespace {

Json made(const std::string& algorithm, const Json& parameters, double df = 1.8, double rg = 10,
          int n_particles = 100) {
    return {{"algorithm", algorithm},
            {"dimensions", 3},
            {"parameters", parameters},
            {"df", df},
            {"rg", rg},
            {"kf", 1.3},
            {"n_particles", n_particles},
            {"particle_radius", 1}};
}

class Comparisons : public AnalysisTools {
  protected:
    Outcome compared(const std::vector<Json>& simulations) {
        Json handles = Json::array();
        for (const Json& each : simulations) {
            handles.push_back("simulation-" + std::to_string(handles.size() + 1));
            add_simulation(handles.back(), aggregate(), each);
        }
        return run("compare_simulations", {{"simulations", handles}});
    }
};

TEST_F(Comparisons, OfSeveralKindsHaveNoMeanOverAll) {
    const Json fast{{"sticking_probability", 1}}, slow{{"sticking_probability", 0.001}};
    const Outcome outcome =
        compared({made("cca", fast, 1.7, 10), made("cca", slow, 2.1, 8), made("cca", fast, 1.8, 12)});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const std::string opening =
        "Compared 3 simulations of different kinds (3-D CCA, sticking probability 1: simulation-1, "
        "simulation-3; 3-D CCA, sticking probability 0.001: simulation-2), so that a mean over all of them "
        "says nothing of any. 3-D CCA, sticking probability 1, mean ± standard error: df = 1.750 ± 0.050 "
        "(std "
        "0.071, 1.700 to 1.800), ";
    EXPECT_EQ(outcome.summary.substr(0, opening.size()), opening);
    for (const auto& [name, metric] : outcome.data.at("metrics").items())
        for (const char* what : {"mean", "std", "standard_error"})
            EXPECT_TRUE(metric.at(what).is_null()) << name;
    EXPECT_EQ(outcome.data.at("metrics").at("df").at("max"), 2.1);
    const Json& kinds = outcome.data.at("kinds");
    ASSERT_EQ(kinds.size(), 2u);
    EXPECT_EQ(kinds[0].at("simulations"), (Json{"simulation-1", "simulation-3"}));
    EXPECT_EQ(kinds[0].at("metrics").at("df").at("mean"), 1.75);
    EXPECT_EQ(outcome.data.at("simulations")[1].at("kind"), "3-D CCA, sticking probability 0.001");
}

// Df and Rg fall together over the kinds and rise together within each.
TEST_F(Comparisons, OfSeveralKindsHaveCorrelationsWithinEach) {
    std::vector<Json> simulations;
    for (int i = 0; i < 4; ++i) simulations.push_back(made("cca", Json::object(), 1.7 + 0.01 * i, 20 + i));
    for (int i = 0; i < 3; ++i) simulations.push_back(made("eden", Json::object(), 2.9 + 0.01 * i, 8 + i));
    for (int i = 0; i < 2; ++i) simulations.push_back(made("dla", Json::object(), 2.4 + 0.01 * i, 10 + i));
    const Outcome outcome = compared(simulations);
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& correlations = outcome.data.at("correlations");
    ASSERT_EQ(correlations.size(), 2u) << correlations;
    EXPECT_EQ(correlations[0].at("kind"), "3-D CCA");
    EXPECT_EQ(correlations[0].at("metrics"), (Json{"df", "rg"}));
    EXPECT_NEAR(correlations[0].at("coefficient").get<double>(), 1, 1e-12);
    EXPECT_EQ(correlations[0].at("simulations"), 4);
    EXPECT_EQ(correlations[1].at("kind"), "3-D eden");
    EXPECT_EQ(outcome.data.at("notes").size(), 1u) << outcome.data.at("notes");
}

TEST_F(Comparisons, OfSeveralSizesHaveAMeanDfAndNoMeanRg) {
    const Json same{{"sticking_probability", 1}};
    const Outcome outcome = compared({made("cca", same, 1.7, 10, 100), made("cca", same, 1.8, 40, 1000)});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_FALSE(outcome.data.contains("kinds"));
    EXPECT_EQ(outcome.data.at("metrics").at("df").at("mean"), 1.75);
    EXPECT_TRUE(outcome.data.at("metrics").at("rg").at("mean").is_null());
    EXPECT_EQ(outcome.data.at("metrics").at("rg").at("max"), 40);
    EXPECT_NE(outcome.summary.find(
                  "(std 0.071, 1.700 to 1.800), kf = 1.300 (std 0, 1.300 to 1.300), rg from 10 to 40 a. "),
              std::string::npos)
        << outcome.summary;
    EXPECT_NE(
        outcome.summary.find("They have from 100 to 1000 particles, so that a mean of what depends on their "
                             "number says nothing and is left out (rg)."),
        std::string::npos)
        << outcome.summary;
}

// 20 clusters of as many kinds with long names: the summary ends at whole items and counts the others.
TEST_F(Comparisons, OfManyKindsTellHowManyAreNotShown) {
    std::vector<Json> simulations;
    for (int i = 0; i < 20; ++i)
        simulations.push_back(made("tunable",
                                   {{"method", "particle-cluster-" + std::string(60, 'x')},
                                    {"target_df", 1.6 + 0.01 * i},
                                    {"target_kf", 1.3 + 0.01 * i},
                                    {"sigma_g", 1.2 + 0.01 * i}},
                                   1.6 + 0.01 * i, 10 + i));
    const Outcome outcome = compared(simulations);
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_LE(outcome.summary.size(), 4'600u);
    EXPECT_NE(outcome.summary.find(" more not shown here, all are in the table), so that a mean over all"),
              std::string::npos)
        << outcome.summary;
    EXPECT_NE(outcome.summary.find("One by one: simulation-1: df = 1.600, kf = 1.300, rg = 10.00 a; "),
              std::string::npos)
        << outcome.summary;
}

}  // namespace
}  // namespace assistd::analysis
