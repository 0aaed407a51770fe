// The plugin through its C border, as the host calls it.

#include <gmock/gmock.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <fstream>
#include <set>
#include <tuple>

#include "tests/fake_host.h"
#include "tests/support.h"
#include "tools/report.h"

namespace assistd::simulation {
namespace {

using ::testing::HasSubstr;

TEST(Plugin, GrowsAClusterAndReportsEveryKeyOfTheContract) {
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 500}, {"seed", 12345}, {"name", "first"}}),
              ASSISTD_OK)
        << host.error;
    for (const char* key : {"algorithm",
                            "parameters",
                            "dimensions",
                            "n_particles",
                            "particle_radius",
                            "seed",
                            "df",
                            "df_stderr",
                            "kf",
                            "kf_stderr",
                            "r_squared",
                            "rg",
                            "rg_evolution",
                            "porosity",
                            "coordination",
                            "pair_correlation",
                            "gyration",
                            "anisotropy",
                            "asphericity",
                            "acylindricity",
                            "largest_overlap",
                            "execution_time_s",
                            "version",
                            "name",
                            "warnings"})
        EXPECT_TRUE(host.artifact_metadata.contains(key)) << key;
    EXPECT_EQ(host.artifact_metadata["dimensions"], 3);
    EXPECT_EQ(host.artifact_metadata["n_particles"], 500);
    EXPECT_EQ(host.artifact_metadata["rg_evolution"]["n"].size(),
              host.artifact_metadata["rg_evolution"]["rg"].size());
    EXPECT_LE(host.artifact_metadata["rg_evolution"]["n"].size(), 200u);
    EXPECT_EQ(host.artifact_metadata["rg_evolution"]["n"].back(), 500);
    EXPECT_EQ(host.artifact_metadata["pair_correlation"]["r"].size(),
              host.artifact_metadata["pair_correlation"]["g_r"].size());
    EXPECT_NEAR(host.artifact_metadata["coordination"]["mean"].get<double>(), 2 * 499.0 / 500, 1e-9);
    EXPECT_EQ(host.artifact_name, "first.npy");
    EXPECT_FALSE(host.data.contains("rg_evolution"));
    EXPECT_LT(host.data.dump().size(), 3000u);
    EXPECT_THAT(host.summary, HasSubstr("Grew a 3-D DLA cluster of 500 particles: Df = "));
    EXPECT_THAT(host.summary, HasSubstr("seed 12345."));
    const std::vector<Particle> particles = host.particles();
    ASSERT_EQ(particles.size(), 500u);
    EXPECT_NEAR(gyration(particles).radius, host.data["rg"].get<double>(), 1e-8);
}

TEST(Plugin, SameSeedGivesTheSameBytesAndADrawnSeedIsReported) {
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 300}, {"dimensions", 2}}), ASSISTD_OK);
    const auto first = host.particles();
    const std::int64_t seed = host.data["seed"];
    EXPECT_GE(seed, 1);
    EXPECT_LE(seed, 2147483647);
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 300}, {"dimensions", 2}, {"seed", seed}}),
              ASSISTD_OK);
    const auto again = host.particles();
    EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(Particle)), 0);
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 300}, {"dimensions", 2}}), ASSISTD_OK);
    EXPECT_NE(host.data["seed"], seed);
}

TEST(Plugin, LengthsAreInTheUnitOfTheRadius) {
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 200}, {"seed", 3}}), ASSISTD_OK);
    const double rg = host.data["rg"], kf = host.data["kf"];
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 200}, {"seed", 3}, {"particle_radius", 25}}),
              ASSISTD_OK);
    EXPECT_NEAR(host.data["rg"].get<double>(), 25 * rg, 1e-8 * rg);
    EXPECT_NEAR(host.data["kf"].get<double>(), kf, 1e-9);
    EXPECT_EQ(host.particles()[7].radius, 25);
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 200}, {"radius_min", 10}, {"radius_max", 30}}),
              ASSISTD_OK);
    EXPECT_EQ(host.data["particle_radius"], 20);
    for (const Particle& each : host.particles()) {
        EXPECT_GE(each.radius, 10 - 1e-5);
        EXPECT_LE(each.radius, 30 + 1e-5);
    }
}

void expect_refused(FakeHost& host, const std::string& tool, const Json& arguments, const std::string& field,
                    const std::string& sentence) {
    EXPECT_EQ(host.call(tool, arguments), ASSISTD_FAILED) << arguments;
    EXPECT_EQ(host.error_type, "ValidationError") << arguments;
    EXPECT_THAT(host.error, HasSubstr(sentence)) << arguments;
    ASSERT_TRUE(host.error_details.contains("errors")) << arguments;
    EXPECT_EQ(host.error_details["errors"][0]["field"], field) << arguments;
}

TEST(Plugin, RefusesWhatIsOutOfBoundsInASentence) {
    FakeHost host;
    const std::string dla = "run_dla_simulation", limiting = "run_limiting_case";
    expect_refused(host, dla, {{"n_particles", 1000001}}, "n_particles",
                   "n_particles must lie between 10 and 1,000,000 in 3-D, not 1,000,001.");
    expect_refused(host, dla, {{"n_particles", 10000001}, {"dimensions", 2}}, "n_particles",
                   "at most 10000000");
    expect_refused(host, dla, {{"n_particles", 9}}, "n_particles", "at least 10; it is 9.");
    expect_refused(host, dla, {{"n_particles", 50}, {"dimensions", 4}}, "dimensions", "2 or 3");
    expect_refused(host, dla, {{"n_particles", 50}, {"sticking_probability", 0}}, "sticking_probability",
                   "at least 0.001");
    for (const std::string& tool : {dla, std::string("run_simulation")}) {
        Json rare = {{"n_particles", 200}, {"sticking_probability", 1e-4}};
        if (tool != dla) rare["algorithm"] = "dla";
        expect_refused(host, tool, rare, "sticking_probability", "at least 0.001; it is 0.0001.");
    }
    expect_refused(host, dla, {{"n_particles", 50}, {"sintering", 0.4}}, "sintering", "at least 0.5");
    expect_refused(host, dla, {{"n_particles", 50}, {"seed", 0}}, "seed", "at least 1");
    expect_refused(host, dla, {{"n_particles", 50}, {"radius_min", 1}}, "radius_max", "together");
    expect_refused(host, dla,
                   {{"n_particles", 50}, {"radius_min", 1}, {"radius_max", 2}, {"particle_radius", 5}},
                   "particle_radius", "is the mean");
    expect_refused(host, dla, {{"n_particles", 50}, {"radius_min", 2}, {"radius_max", 1}}, "radius_min",
                   "greater");
    expect_refused(host, dla, {{"n_particles", 50}, {"sigma_g", 3.5}}, "sigma_g", "at most 3");
    expect_refused(host, limiting, {{"geometry", "plane"}, {"configuration", "lineal"}}, "configuration",
                   "is a chain, not a plane");
    expect_refused(host, limiting,
                   {{"geometry", "sphere"}, {"configuration", "cuboctaedro"}, {"packing", "HC"}}, "packing",
                   "cannot have the packing HC");
    expect_refused(host, limiting, {{"geometry", "sphere"}, {"layers", 200}}, "layers", "1,000,000");
    expect_refused(host, limiting, {{"geometry", "plane"}, {"layers", 2}, {"n_particles", 7}}, "n_particles",
                   "not both");
}

// Cancelled when it first asks, so all that it does is too much; dla_test has the time from one look to the
// next. Processor time: other tests share the cores.
TEST(Plugin, StopsWithinATenthOfASecond) {
    for (const Json& arguments :
         {Json{{"n_particles", 1000000}}, Json{{"n_particles", 1000}, {"sticking_probability", 0.001}}}) {
        FakeHost host;
        host.cancel_at_look(1);
        const auto begin = processor_time();
        EXPECT_EQ(host.call("run_dla_simulation", arguments), ASSISTD_CANCELLED);
        EXPECT_EQ(host.error_type, "CancelledError");
        EXPECT_LT(processor_time() - begin, std::chrono::milliseconds(100));
    }
}

// What is in bounds ends, whatever the radii.
TEST(Plugin, MeasuresClustersOfVeryUnequalRadiiSoon) {
    const Json lognormal = {{"n_particles", 2000}, {"seed", 3}, {"sigma_g", 3}};
    const Json uniform = {{"n_particles", 2000}, {"seed", 3}, {"radius_min", 1}, {"radius_max", 50}};
    for (const char* tool : {"run_dla_simulation", "run_ballistic_cc_simulation"}) {
        for (const Json& arguments : {lognormal, uniform}) {
            FakeHost host;
            const auto begin = processor_time();
            EXPECT_EQ(host.call(tool, arguments), ASSISTD_OK) << tool << ": " << host.error;
            EXPECT_LT(processor_time() - begin, std::chrono::seconds(3)) << tool << arguments;
        }
    }
}

TEST(Plugin, SaysWhenTheGrowthOfATunableClusterHasAnotherKf) {
    int warned = 0, silent = 0;
    for (int seed = 1; seed <= 12; ++seed) {
        FakeHost host;
        ASSERT_EQ(host.call("run_tunable_simulation",
                            {{"n_particles", 100}, {"target_df", 1.78}, {"sigma_g", 2}, {"seed", seed}}),
                  ASSISTD_OK)
            << host.error;
        const bool differs = std::abs(host.data["kf"].get<double>() / 1.3 - 1) > 0.1 ||
                             std::abs(host.data["df"].get<double>() / 1.78 - 1) > 0.05;
        EXPECT_EQ(host.summary.find("did not follow the target") != std::string::npos, differs)
            << host.summary;
        ++(differs ? warned : silent);
    }
    EXPECT_GT(warned, 0);
    EXPECT_GT(silent, 0);
}

TEST(Plugin, ReportsProgressThatOnlyRises) {
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 50000}, {"seed", 1}}), ASSISTD_OK);
    ASSERT_GE(host.progress.size(), 2u);
    EXPECT_TRUE(std::is_sorted(host.progress.begin(), host.progress.end()));
    EXPECT_LE(host.progress.back(), 1);
}

TEST(Plugin, BuildsLimitingCases) {
    FakeHost host;
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "chain"}, {"n_particles", 20}}), ASSISTD_OK)
        << host.error;
    EXPECT_EQ(host.data["n_particles"], 20);
    EXPECT_TRUE(host.data["seed"].is_null());
    EXPECT_NEAR(host.data["rg"].get<double>(), std::sqrt(399.0 / 3 + 0.6), 1e-9);
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "sphere"}, {"layers", 3}}), ASSISTD_OK)
        << host.error;
    EXPECT_EQ(host.data["n_particles"], 147);
    EXPECT_NEAR(host.data["rg"].get<double>(), 4.60124207, 1e-8);
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "plane"}, {"n_particles", 100}}), ASSISTD_OK)
        << host.error;
    EXPECT_EQ(host.data["n_particles"], 127);
    EXPECT_THAT(host.data["warnings"].dump(), HasSubstr("next larger"));
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "chain"}, {"layers", 1}}), ASSISTD_OK)
        << host.error;
    EXPECT_TRUE(host.data["df"].is_null());
    EXPECT_NEAR(host.data["rg"].get<double>(), std::sqrt(0.6), 1e-12);
}

TEST(Plugin, WarnsOfAFitOverLessThanADecade) {
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 60}, {"seed", 4}}), ASSISTD_OK);
    EXPECT_EQ(host.data["warnings"].dump().find("decade"), std::string::npos);
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 15}, {"seed", 4}}), ASSISTD_OK);
    EXPECT_THAT(host.data["warnings"].dump(), HasSubstr("less than one decade"));
}

TEST(Plugin, ListsItsAlgorithms) {
    FakeHost host;
    ASSERT_EQ(host.call("list_algorithms", Json::object()), ASSISTD_OK);
    std::vector<std::string> names;
    for (const Json& each : host.data["algorithms"]) names.push_back(each["algorithm"]);
    EXPECT_THAT(names, ::testing::ElementsAre("dla", "cca", "ballistic", "ballistic_cc", "eden", "tunable",
                                              "tunable_cc", "limiting"));
    EXPECT_THAT(host.summary, HasSubstr("8 algorithms: dla, cca, "));
    EXPECT_EQ(host.call("no_such_tool", Json::object()), ASSISTD_UNKNOWN_TOOL);
}

TEST(Plugin, BuildsTunableClustersAndSaysHowWellTheyAgree) {
    FakeHost host;
    for (const char* method : {"cluster_cluster", "particle_cluster"}) {
        ASSERT_EQ(host.call("run_tunable_simulation", {{"n_particles", 120},
                                                       {"target_df", 1.79},
                                                       {"target_kf", 1.4},
                                                       {"method", method},
                                                       {"particle_radius", 20},
                                                       {"sintering", 0.9},
                                                       {"seed", 5}}),
                  ASSISTD_OK)
            << host.error;
        EXPECT_NEAR(host.data["target_rg"].get<double>(), 20 * std::pow(120 / 1.4, 1 / 1.79), 1e-6);
        EXPECT_NEAR(host.data["rg"].get<double>(), host.data["target_rg"].get<double>(), 1e-6);
        EXPECT_NEAR(host.data["rg_error_percent"].get<double>(), 0, 1e-6);
        EXPECT_EQ(host.data["overlapping_pairs"], 0);
        EXPECT_LT(host.data["residual_overlap"].get<double>(), 1e-9);
        EXPECT_EQ(host.data["parameters"]["method"], method);
        EXPECT_EQ(host.data["parameters"].contains("seed_cluster_size"),
                  method == std::string("cluster_cluster"));
        EXPECT_EQ(host.artifact_metadata["parameters"]["seed"], 5);
    }
    EXPECT_THAT(host.summary, HasSubstr("Built a tunable particle-cluster aggregate of 120 particles"));
}

TEST(Plugin, RefusesImpossibleTunableClusters) {
    FakeHost host;
    const std::string tool = "run_tunable_simulation";
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 1}, {"target_kf", 1}}, "target_kf",
                   "straight chain. Raise target_kf or target_df.");
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 3}, {"target_kf", 3}}, "target_kf",
                   "Lower target_kf or target_df.");
    expect_refused(host, tool, {{"n_particles", 100}}, "target_df", "is missing");
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 3.2}}, "target_df", "at most 3");
    expect_refused(host, tool, {{"n_particles", 5}, {"target_df", 1.8}}, "n_particles", "at least 10");
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 1.8}, {"sintering", 0.3}}, "sintering",
                   "at least 0.5");
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 1.8}, {"seed_cluster_size", 51}},
                   "seed_cluster_size", "between 2 and 50 (half of n_particles)");
    expect_refused(
        host, tool,
        {{"n_particles", 100}, {"target_df", 1.8}, {"method", "particle_cluster"}, {"seed_cluster_size", 5}},
        "seed_cluster_size", "Only the method cluster_cluster takes seed_cluster_size");
    expect_refused(host, tool, {{"n_particles", 100}, {"target_df", 1.8}, {"method", "spiral"}}, "method",
                   "must be one of \"cluster_cluster\" or \"particle_cluster\"");
}

// The same code as the tool of its own: the same bytes.
TEST(Plugin, RunsEachAlgorithmByName) {
    FakeHost host;
    const std::vector<std::tuple<Json, std::string, Json>> calls{
        {{{"algorithm", "dla"}, {"n_particles", 90}, {"dimensions", 2}, {"seed", 4}},
         "run_dla_simulation",
         {{"n_particles", 90}, {"dimensions", 2}, {"seed", 4}}},
        {{{"algorithm", "tunable"}, {"n_particles", 90}, {"target_df", 1.7}, {"seed", 4}},
         "run_tunable_simulation",
         {{"n_particles", 90}, {"target_df", 1.7}, {"seed", 4}, {"method", "particle_cluster"}}},
        {{{"algorithm", "tunable_cc"}, {"n_particles", 90}, {"target_df", 1.7}, {"seed", 4}},
         "run_tunable_simulation",
         {{"n_particles", 90}, {"target_df", 1.7}, {"seed", 4}, {"method", "cluster_cluster"}}},
        {{{"algorithm", "limiting"}, {"geometry", "plane"}, {"layers", 3}},
         "run_limiting_case",
         {{"geometry", "plane"}, {"layers", 3}}},
        // Where the algorithm is all that is told, the geometry need not be.
        {{{"algorithm", "limiting"}, {"configuration", "cruz2d"}},
         "run_limiting_case",
         {{"geometry", "chain"}, {"configuration", "cruz2d"}}},
        {{{"algorithm", "limiting"}}, "run_limiting_case", {{"geometry", "sphere"}}}};
    for (const auto& [arguments, tool, same] : calls) {
        ASSERT_EQ(host.call("run_simulation", arguments), ASSISTD_OK) << host.error;
        EXPECT_EQ(host.data["algorithm"], arguments["algorithm"]);
        const auto by_name = host.particles();
        ASSERT_EQ(host.call(tool, same), ASSISTD_OK) << host.error;
        const auto by_tool = host.particles();
        ASSERT_EQ(by_name.size(), by_tool.size());
        EXPECT_EQ(std::memcmp(by_name.data(), by_tool.data(), by_name.size() * sizeof(Particle)), 0) << tool;
    }
}

TEST(Plugin, RefusesArgumentsOfOtherAlgorithms) {
    FakeHost host;
    const std::string tool = "run_simulation";
    expect_refused(host, tool, {{"algorithm", "dla"}, {"n_particles", 50}, {"target_df", 1.8}}, "target_df",
                   "The algorithm dla does not take target_df; it takes dimensions, n_particles, ");
    expect_refused(host, tool, {{"algorithm", "tunable"}, {"n_particles", 50}, {"seed_cluster_size", 5}},
                   "seed_cluster_size", "The algorithm tunable does not take seed_cluster_size");
    expect_refused(host, tool, {{"algorithm", "tunable"}, {"n_particles", 50}, {"method", "cluster_cluster"}},
                   "method", "does not take method");
    expect_refused(host, tool, {{"algorithm", "magic"}, {"n_particles", 50}}, "algorithm",
                   "must be one of \"dla\", \"cca\", ");
    expect_refused(host, tool, {{"n_particles", 50}}, "algorithm", "algorithm is missing.");
    expect_refused(host, tool, {{"algorithm", "dla"}}, "n_particles", "n_particles is missing.");
    expect_refused(host, tool, {{"algorithm", "dla"}, {"n_particles", 5}}, "n_particles", "at least 10");
    expect_refused(host, tool, {{"algorithm", "dla"}, {"nonsense", 5}}, "nonsense",
                   "The algorithm dla does not take nonsense; it takes dimensions, ");
}

}  // namespace
}  // namespace assistd::simulation
