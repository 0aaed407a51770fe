// The plugin as the host sees it: its library, its manifest, its results and its sentences.

#include <gtest/gtest.h>

#include <assistd/testing.hpp>
#include <cmath>

#include "shapes.h"

namespace assistd::analysis {
namespace {

using testing::Outcome;
using testing::PluginRunner;

class AnalysisPlugin : public ::testing::Test {
  protected:
    AnalysisPlugin() : plugin_(PLUGIN_LIBRARY) {}

    Outcome box_counting(Json arguments) {
        const Outcome outcome = plugin_.run("run_box_counting", arguments);
        if (outcome.ok()) {
            EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), "run_box_counting", outcome.data),
                      "");
        }
        return outcome;
    }
    void add_simulation(const std::string& handle, const Json& about,
                        const std::vector<Particle>& particles) {
        plugin_.add_artifact(handle, "simulation", particle_file(particles), about);
    }
    Outcome compare(Json handles) {
        const Outcome outcome = plugin_.run("compare_simulations", {{"simulations", std::move(handles)}});
        if (outcome.ok()) {
            EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), "compare_simulations", outcome.data),
                      "");
        }
        return outcome;
    }

    PluginRunner plugin_;
};

TEST_F(AnalysisPlugin, HasAHandlerForEachToolOfItsManifest) {
    const Json about = plugin_.manifest();
    for (const Json& tool : about.at("tools")) {
        EXPECT_NE(plugin_.run(tool.at("name"), Json::object()).status, ASSISTD_UNKNOWN_TOOL)
            << tool.at("name");
        EXPECT_GE(tool.at("phrases").size(), 10u) << tool.at("name");
    }
}

TEST_F(AnalysisPlugin, CountsBoxesAndStoresTheAnalysis) {
    const Json about{
        {"dimensions", 3}, {"name", "wall"}, {"rg_evolution", {{"n", {1, 2}}, {"rg", {0.77, 1.26}}}}};
    add_simulation("simulation-1", about, block(40, 40, 1));
    const Outcome outcome = box_counting({{"simulation", "simulation-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_NEAR(outcome.data.at("df").get<double>(), 2, 0.05);
    EXPECT_NE(outcome.summary.find("Box counting of wall (simulation-1): Df = "), std::string::npos)
        << outcome.summary;
    EXPECT_NEAR(outcome.data.at("df").get<double>(), 2, 0.01);
    EXPECT_FALSE(outcome.progress.empty());

    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "analysis");
    EXPECT_EQ(outcome.artifacts[0].name, "simulation-1-box-counting.json");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("df"), outcome.data.at("df"));
    const Json file = Json::parse(outcome.artifacts[0].bytes);
    EXPECT_EQ(file.at("subject"), about);
    const Json& points = file.at("points");
    ASSERT_EQ(points.at("box_size").size(), outcome.data.at("points_counted").get<std::size_t>());
    ASSERT_EQ(points.at("count").size(), points.at("box_size").size());
    ASSERT_EQ(points.at("occupied").size(), points.at("box_size").size());
    // The lines of the file go through the middle of the points that it says were fitted.
    const auto residual = [&](const Json& fit, const char* counts, std::size_t i) {
        return std::log(points.at(counts)[i].get<double>()) - fit.at("intercept").get<double>() +
               fit.at("df").get<double>() * std::log(points.at("box_size")[i].get<double>());
    };
    double sum = 0, plain_sum = 0;
    for (std::size_t i = 0; i < points.at("count").size(); ++i) {
        if (!points.at("fitted")[i].get<bool>()) continue;
        EXPECT_NEAR(residual(file, "count", i), 0, 0.03);
        sum += residual(file, "count", i);
        plain_sum += residual(file.at("uncorrected"), "occupied", i);
    }
    EXPECT_NEAR(sum, 0, 1e-9);
    EXPECT_NEAR(plain_sum, 0, 1e-9);
    char plain[80];
    std::snprintf(plain, sizeof plain, "without the correction %.3f",
                  outcome.data.at("uncorrected").at("df").get<double>());
    EXPECT_NE(outcome.summary.find(plain), std::string::npos) << outcome.summary;
}

TEST_F(AnalysisPlugin, TakesTheDimensionsFromTheSimulation) {
    add_simulation("simulation-1", {{"dimensions", 2}}, block(40, 40, 1));
    EXPECT_EQ(box_counting({{"simulation", "simulation-1"}}).data.at("dimensions"), 2);
}

// What its README says of DLA, the result says, too.
TEST_F(AnalysisPlugin, SaysThatBoxCountingFindsTooLittleForDla) {
    add_simulation("simulation-1", {{"dimensions", 2}, {"algorithm", "dla"}}, block(40, 40, 1));
    add_simulation("simulation-2", {{"dimensions", 2}, {"algorithm", "cca"}}, block(40, 40, 1));
    const std::string remark =
        "Box counting finds too little for DLA, whose rim has not grown yet: about 1.6 where "
        "1.71 is expected.";
    EXPECT_NE(box_counting({{"simulation", "simulation-1"}}).summary.find(remark), std::string::npos);
    EXPECT_EQ(box_counting({{"simulation", "simulation-2"}}).summary.find(remark), std::string::npos);
}

TEST_F(AnalysisPlugin, SaysWhatIsWrongWithASimulation) {
    plugin_.add_artifact("plot-1", "plot", "<svg/>");
    plugin_.add_artifact("simulation-1", "simulation", "");
    plugin_.add_artifact("simulation-2", "simulation", "no particles at all");
    add_simulation("simulation-3", Json::object(), {});
    add_simulation("simulation-4", Json::object(), block(1, 1, 1));
    std::vector<Particle> damaged = block(9, 1, 1);
    damaged[7].x = std::nan("");
    add_simulation("simulation-5", Json::object(), damaged);
    const auto message = [&](const char* handle) {
        const Outcome outcome = box_counting({{"simulation", handle}});
        EXPECT_EQ(outcome.error_type, "ValidationError") << handle;
        EXPECT_TRUE(outcome.artifacts.empty());
        return outcome.message;
    };
    EXPECT_EQ(message("plot-1"),
              "simulation must be an artifact of kind simulation; plot-1 is of kind plot.");
    EXPECT_EQ(message("simulation-1"), "simulation-1 has no geometry: the simulation stored no particles.");
    EXPECT_EQ(message("simulation-2"),
              "simulation-2 has no geometry that can be read: it is not a file of particles.");
    EXPECT_EQ(message("simulation-3"), "simulation-3 has no geometry: it holds no particles.");
    EXPECT_NE(message("simulation-4").find("Box counting of simulation-4 is not possible."),
              std::string::npos);
    EXPECT_NE(message("simulation-5").find("particle 7 has no finite position"), std::string::npos);
    EXPECT_EQ(message("simulation-9"),
              "simulation names the artifact \"simulation-9\", which does not exist.");
}

TEST_F(AnalysisPlugin, NamesTheFieldOfABadBound) {
    add_simulation("simulation-1", Json::object(), block(100, 1, 1));
    const Outcome outcome = box_counting({{"simulation", "simulation-1"}, {"max_box_size", 500}});
    EXPECT_EQ(outcome.error_type, "ValidationError");
    EXPECT_EQ(outcome.details.at("errors").at(0).at("field"), "max_box_size");
}

TEST_F(AnalysisPlugin, StopsWhenItIsCancelled) {
    add_simulation("simulation-1", Json::object(), block(30, 30, 30));
    plugin_.cancel_at_look(4);
    const Outcome outcome = box_counting({{"simulation", "simulation-1"}, {"grids", 32}});
    EXPECT_EQ(outcome.status, ASSISTD_CANCELLED);
    EXPECT_TRUE(outcome.artifacts.empty());
}

TEST_F(AnalysisPlugin, ComparesSimulations) {
    for (int i = 1; i <= 3; ++i)
        add_simulation("simulation-" + std::to_string(i),
                       {{"algorithm", "dla"},
                        {"name", nullptr},
                        {"df", 2.0 + 0.1 * i},
                        {"rg", 10.0 * i},
                        {"kf", nullptr},
                        {"coordination", {{"mean", 2.0}, {"std", 0.5}}}},
                       block(2, 1, 1));
    const Outcome outcome = compare({"simulation-1", "simulation-2", "simulation-3"});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& df = outcome.data.at("metrics").at("df");
    EXPECT_NEAR(df.at("mean").get<double>(), 2.2, 1e-12);
    EXPECT_NEAR(df.at("std").get<double>(), 0.1, 1e-12);
    EXPECT_FALSE(outcome.data.at("metrics").contains("kf"));
    ASSERT_EQ(outcome.data.at("correlations").size(), 1u);
    EXPECT_NEAR(outcome.data.at("correlations")[0].at("coefficient").get<double>(), 1, 1e-9);
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "comparison");
    EXPECT_EQ(Json::parse(outcome.artifacts[0].bytes).at("metrics"), outcome.data.at("metrics"));
}

TEST_F(AnalysisPlugin, SaysHowManySimulationsReportAMetric) {
    add_simulation("simulation-1", {{"df", 1.78}, {"rg", 10}}, block(2, 1, 1));
    add_simulation("simulation-2", {{"rg", 12}}, block(2, 1, 1));
    const Outcome outcome = compare({"simulation-1", "simulation-2"});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_NE(outcome.summary.find("df = 1.780 (1 of 2), rg = 11.0 ± 1.0 (std 1.4, 10 to 12)."),
              std::string::npos)
        << outcome.summary;
    EXPECT_NE(outcome.data.at("notes").dump().find("Only 1 of 2 simulations report df."), std::string::npos);
}

TEST_F(AnalysisPlugin, SaysTheUnitOfLengthsAndWhenThereAreTwo) {
    const Json about{{"df", 1.8}, {"rg", 120}, {"particle_radius", 15}, {"length_unit", "nm"}};
    Json other = about;
    other["particle_radius"] = 20;
    add_simulation("simulation-1", about, block(2, 1, 1));
    add_simulation("simulation-2", other, block(2, 1, 1));
    Outcome outcome = compare({"simulation-1", "simulation-2"});
    EXPECT_EQ(outcome.data.at("length_unit"), "nm");
    EXPECT_NE(outcome.summary.find("rg = 120.0 nm (std 0, 120 to 120)."), std::string::npos)
        << outcome.summary;
    EXPECT_EQ(outcome.summary.find("radii differ"), std::string::npos) << outcome.summary;
    other.update({{"length_unit", "um"}, {"rg", 0.11}});
    add_simulation("simulation-3", other, block(2, 1, 1));
    outcome = compare({"simulation-1", "simulation-3"});
    EXPECT_EQ(outcome.data.at("length_unit"), "nm");
    EXPECT_NEAR(outcome.data.at("metrics").at("rg").at("mean").get<double>(), 115, 1e-9);
    EXPECT_NEAR(outcome.data.at("simulations")[1].at("values").at("rg").get<double>(), 110, 1e-9);
    EXPECT_NE(outcome.summary.find("different units (nm, um) and are converted to nm."), std::string::npos)
        << outcome.summary;
    other.erase("length_unit");
    add_simulation("simulation-4", other, block(2, 1, 1));
    outcome = compare({"simulation-1", "simulation-4"});
    EXPECT_FALSE(outcome.data.contains("length_unit"));
    EXPECT_FALSE(outcome.data.at("metrics").contains("rg"));
    EXPECT_NE(outcome.summary.find("(nm, none said), so rg and other lengths are not compared."),
              std::string::npos)
        << outcome.summary;
}

TEST_F(AnalysisPlugin, TellsAMeanWithItsErrorAndFewOneByOne) {
    const double df[] = {1.7, 1.8, 2.0};
    Json handles = Json::array();
    for (int i = 0; i < 3; ++i) {
        handles.push_back("simulation-" + std::to_string(i + 1));
        add_simulation(handles.back(),
                       {{"df", df[i]}, {"df_stderr", 0.02}, {"rg", 10 + i}, {"particle_radius", 1}},
                       block(2, 1, 1));
    }
    const Outcome outcome = compare(handles);
    EXPECT_EQ(outcome.summary,
              "Compared 3 simulations, mean ± standard error: df = 1.833 ± 0.088 (std 0.15, 1.700 to 2.000), "
              "rg = 11.00 ± 0.58 a (std 1.0, 10 to 12). One by one: simulation-1: df = 1.700 ± 0.020, "
              "rg = 10.00 a; simulation-2: df = 1.800 ± 0.020, rg = 11.00 a; simulation-3: "
              "df = 2.000 ± 0.020, rg = 12.00 a.");
    EXPECT_NEAR(outcome.data.at("metrics").at("df").at("standard_error").get<double>(), 0.0881917, 1e-7);
    // Many are told by their mean alone, and lengths in a radius that is no unit have none.
    for (int i = 3; i < 6; ++i) {
        handles.push_back("simulation-" + std::to_string(i + 1));
        add_simulation(handles.back(), {{"rg", 10 + i}, {"particle_radius", 2}}, block(2, 1, 1));
    }
    EXPECT_NE(compare(handles).summary.find("rg = 12.50 ± 0.76 (std 1.9, 10 to 15). The particle radii"),
              std::string::npos)
        << compare(handles).summary;
}

TEST_F(AnalysisPlugin, DifferentKindsAreToldOneByOneAndExactOnesExactly) {
    const Json flat{{"algorithm", "dla"}, {"dimensions", 2}, {"df", 1.7}, {"rg", 20}, {"particle_radius", 2}};
    const Json exact{
        {"algorithm", "limiting"}, {"dimensions", 3},   {"df", 3.155},
        {"df_stderr", 0.01},       {"df_ideal", 3},     {"kf", 1.2},
        {"kf_ideal", 1.51471},     {"rg", 5},           {"particle_radius", 1},
        {"seed", nullptr},         {"r_squared", 0.99}, {"parameters", {{"configuration", "cuboctaedro"}}}};
    add_simulation("simulation-1", flat, block(2, 1, 1));
    add_simulation("simulation-2", exact, block(2, 1, 1));
    const Outcome outcome = compare({"simulation-1", "simulation-2"});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.summary.substr(0, outcome.summary.find(" The particle radii")),
              "Compared 2 simulations of different kinds (2-D DLA: simulation-1; cuboctaedro: simulation-2), "
              "so that a "
              "mean over all of them says nothing of any. One by one: simulation-1: df = 1.700, rg = 20.00 "
              "(10.00 a); simulation-2: "
              "df = 3 (exact), kf = 1.51471 (exact), rg = 5.000 (5.000 a).");
    EXPECT_EQ(outcome.data.at("metrics").at("df").at("max"), 3);
    EXPECT_EQ(outcome.data.at("metrics").at("rg_over_a").at("max"), 10);
    EXPECT_FALSE(outcome.data.at("metrics").contains("r_squared"));
    EXPECT_EQ(outcome.data.at("simulations")[1].at("exact"), true);
    EXPECT_FALSE(outcome.data.at("simulations")[1].contains("errors"));
}

TEST_F(AnalysisPlugin, TheSameClusterTwiceCountsOnce) {
    Json about{{"algorithm", "dla"}, {"dimensions", 3},      {"seed", 7},      {"version", "1"}, {"df", 2.4},
               {"rg", 10},           {"particle_radius", 1}, {"name", "first"}};
    about["parameters"] = {{"n_particles", 100}, {"seed", 7}, {"name", "first"}};
    add_simulation("simulation-1", about, block(2, 1, 1));
    about["parameters"]["name"] = about["name"] = "again";
    add_simulation("simulation-2", about, block(2, 1, 1));
    about["parameters"]["seed"] = about["seed"] = 8;
    about["df"] = 2.6;
    add_simulation("simulation-3", about, block(2, 1, 1));
    const Outcome outcome = compare({"simulation-1", "simulation-2", "simulation-3"});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.data.at("metrics").at("df").at("count"), 2);
    EXPECT_NEAR(outcome.data.at("metrics").at("df").at("mean").get<double>(), 2.5, 1e-12);
    EXPECT_EQ(outcome.data.at("simulations").size(), 3u);
    EXPECT_NE(outcome.summary.find("simulation-2 is the same cluster as simulation-1: the same seed and "
                                   "parameters, bit by bit. Each cluster counts once."),
              std::string::npos)
        << outcome.summary;
}

TEST_F(AnalysisPlugin, SaysHowLikelyACorrelationIsByChance) {
    const double df[] = {1.7, 1.8, 1.9, 2.0, 2.1}, kf[] = {1.4, 1.1, 1.2, 0.9, 0.95};
    Json handles = Json::array();
    for (int i = 0; i < 5; ++i) {
        handles.push_back("simulation-" + std::to_string(i + 1));
        add_simulation(handles.back(), {{"df", df[i]}, {"kf", kf[i]}, {"largest_overlap", 1e-14 * (i + 1)}},
                       block(2, 1, 1));
    }
    const Outcome outcome = compare(handles);
    // Rounding is no quantity.
    ASSERT_EQ(outcome.data.at("correlations").size(), 1u);
    const Json& pair = outcome.data.at("correlations")[0];
    // With three degrees of freedom Student's distribution is elementary.
    EXPECT_NEAR(pair.at("coefficient").get<double>(), -0.864241621450, 1e-9);
    EXPECT_NEAR(pair.at("p_value").get<double>(), 0.058807975659, 1e-9);
}

TEST_F(AnalysisPlugin, SaysWhatCannotBeCompared) {
    add_simulation("simulation-1", {{"df", 2}}, block(2, 1, 1));
    add_simulation("simulation-2", Json::object(), block(2, 1, 1));
    plugin_.add_artifact("plot-1", "plot", "");
    EXPECT_EQ(compare({"simulation-1", "simulation-1"}).message,
              "simulations must not have the same item twice; items 0 and 1 are both \"simulation-1\".");
    EXPECT_EQ(compare({"simulation-1", "simulation-2"}).message,
              "simulation-2 reports no results that could be compared.");
    EXPECT_EQ(compare({"simulation-1", "plot-1"}).message,
              "simulations[1] must be an artifact of kind simulation; plot-1 is of kind plot.");
    EXPECT_EQ(compare({"simulation-1"}).message, "simulations must have at least 2 items; it has 1.");
}

}  // namespace
}  // namespace assistd::analysis
