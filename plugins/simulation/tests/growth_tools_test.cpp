// The tools of cluster-cluster, ballistic and Eden growth, as the host calls them.

#include <gmock/gmock.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <fstream>

#include "tests/support.h"

namespace assistd::simulation {
namespace {

using ::testing::HasSubstr;

constexpr const char* tools[] = {"run_cca_simulation", "run_ballistic_simulation",
                                 "run_ballistic_cc_simulation", "run_eden_simulation"};

assistd::testing::Outcome run(const std::string& tool, const Json& arguments) {
    assistd::testing::PluginRunner runner(assistd_plugin_entry);
    return runner.run(tool, arguments);
}

Json manifest_of(const std::string& name) {
    std::ifstream file(SIMULATION_MANIFEST);
    const Json manifest = Json::parse(file);
    for (const Json& tool : manifest["tools"])
        if (tool["name"] == name) return tool;
    return {};
}

TEST(GrowthTools, GrowAndReportWhatTheManifestPromises) {
    for (const std::string tool : tools)
        for (const int dimensions : {2, 3}) {
            const auto outcome =
                run(tool, {{"n_particles", 200}, {"dimensions", dimensions}, {"seed", 12}, {"name", "mine"}});
            ASSERT_TRUE(outcome.ok()) << tool << ": " << outcome.message;
            const Json manifest = manifest_of(tool);
            for (const auto& [key, value] : outcome.data.items())
                EXPECT_TRUE(manifest["output"]["properties"].contains(key)) << tool << ": " << key;
            ASSERT_EQ(outcome.artifacts.size(), 1u);
            EXPECT_EQ(outcome.artifacts[0].kind, "simulation");
            EXPECT_EQ(outcome.artifacts[0].name, "mine.npy");
            const auto particles = read_particles(outcome.artifacts[0].bytes);
            ASSERT_EQ(particles.size(), 200u);
            EXPECT_NEAR(gyration(particles).radius, outcome.data["rg"].get<double>(), 1e-8);
            EXPECT_EQ(outcome.data["seed"], 12);
            EXPECT_EQ(outcome.data["dimensions"], dimensions);
            EXPECT_NEAR(outcome.data["coordination"]["mean"].get<double>(), 2 * 199.0 / 200, 1e-9) << tool;
            EXPECT_EQ(outcome.artifacts[0].metadata["rg_evolution"]["n"].back(), 200) << tool;
            EXPECT_THAT(outcome.summary, HasSubstr("of 200 particles: Df = ")) << tool;
        }
}

TEST(GrowthTools, NameTheUnitThatTheyWereTold) {
    for (const std::string tool : {"run_dla_simulation", "run_cca_simulation", "run_limiting_case"}) {
        Json arguments{{"n_particles", 100}, {"particle_radius", 15}, {"length_unit", "nm"}};
        if (tool == "run_limiting_case")
            arguments["geometry"] = "chain";
        else
            arguments["seed"] = 3;
        const auto outcome = run(tool, arguments);
        ASSERT_TRUE(outcome.ok()) << outcome.message;
        EXPECT_EQ(outcome.data["length_unit"], "nm") << tool;
        EXPECT_EQ(outcome.artifacts[0].metadata["length_unit"], "nm") << tool;
        EXPECT_TRUE(manifest_of(tool)["output"]["properties"].contains("length_unit")) << tool;
        EXPECT_THAT(outcome.summary, HasSubstr(" a, a = 15 nm)")) << tool;
        arguments["length_unit"] = "parsec";
        EXPECT_FALSE(run(tool, arguments).ok());
    }
    EXPECT_FALSE(run("run_dla_simulation", {{"n_particles", 50}}).data.contains("length_unit"));
}

TEST(GrowthTools, GiveTheSameBytesForTheSameSeed) {
    for (const std::string tool : tools) {
        const Json arguments = {{"n_particles", 150}, {"seed", 5}, {"sigma_g", 1.4}, {"particle_radius", 20}};
        const auto one = run(tool, arguments), other = run(tool, arguments);
        ASSERT_TRUE(one.ok()) << tool << ": " << one.message;
        EXPECT_EQ(one.artifacts[0].bytes, other.artifacts[0].bytes) << tool;
        // What is reported as used gives the same again.
        const auto third = run(tool, one.data["parameters"]);
        ASSERT_TRUE(third.ok()) << tool << ": " << third.message;
        EXPECT_EQ(one.artifacts[0].bytes, third.artifacts[0].bytes) << tool;
    }
}

void expect_refused(const std::string& tool, const Json& arguments, const std::string& field,
                    const std::string& sentence) {
    const auto outcome = run(tool, arguments);
    EXPECT_FALSE(outcome.ok()) << tool << arguments;
    EXPECT_EQ(outcome.error_type, "ValidationError") << tool << arguments;
    EXPECT_THAT(outcome.message, HasSubstr(sentence)) << tool << arguments;
    EXPECT_TRUE(outcome.artifacts.empty());
    ASSERT_TRUE(outcome.details.contains("errors")) << tool << arguments;
    EXPECT_EQ(outcome.details["errors"][0]["field"], field) << tool << arguments;
}

TEST(GrowthTools, RefuseWhatIsOutOfBoundsInASentence) {
    for (const std::string tool : tools) {
        expect_refused(tool, {{"n_particles", 1000001}}, "n_particles", "at most 1000000; it is 1000001.");
        expect_refused(tool, {{"n_particles", 9}}, "n_particles", "at least 10; it is 9.");
        expect_refused(tool, {{"n_particles", 50}, {"dimensions", 4}}, "dimensions", "2 or 3");
        expect_refused(tool, {{"n_particles", 50}, {"sintering", 0.4}}, "sintering", "at least 0.5");
        expect_refused(tool, {{"n_particles", 50}, {"seed", 0}}, "seed", "at least 1");
        expect_refused(tool, {{"n_particles", 50}, {"radius_min", 1}}, "radius_max", "together");
    }
    const std::string eden = "run_eden_simulation", cca = "run_cca_simulation";
    expect_refused(eden, {{"n_particles", 50}, {"growth_probability", 0}}, "growth_probability",
                   "at least 0.001");
    expect_refused(cca, {{"n_particles", 50}, {"sticking_probability", 0}}, "sticking_probability",
                   "more than 0");
    expect_refused(cca, {{"n_particles", 50}, {"box_size", 100}, {"volume_fraction", 0.1}}, "volume_fraction",
                   "not both");
    expect_refused(cca, {{"n_particles", 50}, {"volume_fraction", 0.3}}, "volume_fraction", "at most 0.25");
    expect_refused(
        cca, {{"n_particles", 100000}, {"box_size", 100}}, "box_size",
        "100000 particles would fill 41.9 % of a box of 100 particle radii; it may be 25 % at most.");
    expect_refused(cca, {{"n_particles", 50}, {"clusters_left", 5}}, "clusters_left",
                   "single_agglomerate = false");
    expect_refused(cca, {{"n_particles", 50}, {"clusters_left", 50}, {"single_agglomerate", false}},
                   "clusters_left", "between 2 and 49 for 50 particles");
}

TEST(GrowthTools, StopWhenTheyAreCancelled) {
    for (const std::string tool : tools) {
        assistd::testing::PluginRunner runner(assistd_plugin_entry);
        runner.cancel_at_look(30);
        const auto begin = processor_time();
        const auto outcome = runner.run(tool, {{"n_particles", 1000000}});
        EXPECT_EQ(outcome.error_type, "CancelledError") << tool;
        EXPECT_TRUE(outcome.artifacts.empty()) << tool;
        EXPECT_LT(processor_time() - begin, std::chrono::seconds(3)) << tool;
    }
}

TEST(GrowthTools, ReportProgressThatOnlyRises) {
    for (const std::string tool : tools) {
        const auto outcome = run(tool, {{"n_particles", 3000}, {"seed", 1}});
        ASSERT_TRUE(outcome.ok()) << tool << ": " << outcome.message;
        std::vector<double> fractions;
        for (const auto& each : outcome.progress) fractions.push_back(each.fraction);
        ASSERT_GE(fractions.size(), 2u) << tool;
        EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end())) << tool;
        EXPECT_LE(fractions.back(), 1) << tool;
    }
}

TEST(GrowthTools, APopulationIsListedAndItsLargestClusterStored) {
    const auto outcome = run("run_cca_simulation", {{"n_particles", 300},
                                                    {"single_agglomerate", false},
                                                    {"clusters_left", 7},
                                                    {"particle_radius", 10},
                                                    {"seed", 2}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& population = outcome.data["population"];
    EXPECT_EQ(population["clusters"], 7);
    ASSERT_EQ(population["n"].size(), 7u);
    int sum = 0;
    for (const Json& n : population["n"]) sum += n.get<int>();
    EXPECT_EQ(sum, 300);
    EXPECT_EQ(outcome.data["n_particles"], population["n"][0]);
    EXPECT_NEAR(outcome.data["rg"].get<double>(), population["rg"][0].get<double>(), 1e-7);
    EXPECT_THAT(outcome.data["warnings"].dump(), HasSubstr("largest of 7 clusters"));
}

TEST(GrowthTools, WarnOfABoxThatIsTooNarrow) {
    const auto outcome = run("run_cca_simulation", {{"n_particles", 2000}, {"box_size", 40}, {"seed", 2}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_THAT(outcome.data["warnings"].dump(), HasSubstr("wider than its box"));
    const auto wide = run("run_cca_simulation", {{"n_particles", 200}, {"seed", 2}});
    EXPECT_EQ(wide.data["warnings"].dump().find("wider than its box"), std::string::npos);
    EXPECT_EQ(wide.data["parameters"]["box_size"], 100);
}

TEST(GrowthTools, SayThatAParticleClusterHasTheTargetsGrowthOnly) {
    const auto warnings_of = [](const char* method) {
        const auto outcome = run("run_tunable_simulation",
                                 {{"n_particles", 100}, {"target_df", 1.8}, {"seed", 1}, {"method", method}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.data["warnings"].dump();
    };
    EXPECT_THAT(warnings_of("particle_cluster"), HasSubstr("and not how the particles lie"));
    EXPECT_EQ(warnings_of("cluster_cluster").find("how the particles lie"), std::string::npos);
}

TEST(GrowthTools, WarnOfADimensionAboveThatOfSpace) {
    const auto outcome = run("run_eden_simulation", {{"n_particles", 1000}, {"seed", 1}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    ASSERT_GT(outcome.data["df"].get<double>(), 3);
    EXPECT_THAT(outcome.data["warnings"].dump(), HasSubstr("Df is above 3"));
}

}  // namespace
}  // namespace assistd::simulation
