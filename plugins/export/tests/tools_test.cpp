// The plugin as the host sees it. What it writes is read back by read_back.py.

#include <gtest/gtest.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

namespace assistd::exporting {
namespace {

using testing::Outcome;
using testing::PluginRunner;
using testing::StoredArtifact;

std::vector<Particle> particles() {
    std::mt19937 random(4);
    std::normal_distribution<double> place(0, 12);
    std::vector<Particle> particles;
    for (int i = 0; i < 300; ++i)
        particles.push_back({place(random), place(random), place(random), 0.5 + 0.001 * i, i - 1, 0});
    return particles;
}

// A growth by N = 1.3 (Rg/a)^2.5 with a = 2.
Json metadata() {
    Json n = Json::array(), rg = Json::array();
    for (int i = 1; i <= 300; ++i) {
        n.push_back(i);
        rg.push_back(2 * std::pow(i / 1.3, 1 / 2.5) * (1 + 0.02 * std::sin(i)));
    }
    return {{"algorithm", "dla"},
            {"name", "soot, \"run\"\n3"},
            {"seed", 42},
            {"dimensions", 3},
            {"n_particles", 300},
            {"particle_radius", 2},
            {"df", 2.5},
            {"df_stderr", 0.0123},
            {"kf", 1.3},
            {"kf_stderr", 0.04},
            {"r_squared", 0.998},
            {"rg", 17.63},
            {"porosity", nullptr},
            {"coordination", {{"mean", 1.99}, {"std", 0.7}}},
            {"rg_evolution", {{"n", n}, {"rg", rg}}}};
}

// An analysis as run_box_counting stores it: a power law over two decades, with sizes outside of the fit.
Json analysis() {
    Json sizes = Json::array(), counts = Json::array(), fitted = Json::array();
    for (double size = 2; size <= 400; size *= 1.26) {
        sizes.push_back(size);
        counts.push_back(std::ceil(60000 * std::pow(size, -1.8) * (1 + 0.05 * std::sin(size))));
        fitted.push_back(size >= 4 && size <= 100);
    }
    return {{"analysis", "box_counting"},
            {"simulation", "simulation-1"},
            {"df", 1.8},
            {"standard_error", 0.013},
            {"r_squared", 0.9987},
            {"intercept", std::log(60000)},
            {"mean_particle_diameter", 2},
            {"subject", metadata()},
            {"points", {{"box_size", sizes}, {"count", counts}, {"fitted", fitted}}}};
}

class ExportPlugin : public ::testing::Test {
  protected:
    ExportPlugin() : plugin_(PLUGIN_LIBRARY) {
        add_simulation("simulation-1", metadata(), particles());
        add_simulation("simulation-2", Json::object(), particles());
        plugin_.add_artifact("simulation-3", "simulation", "");
        plugin_.add_artifact("analysis-1", "analysis", analysis().dump());
        plugin_.add_artifact("analysis-2", "analysis", R"({"analysis": "projection"})");
        plugin_.add_artifact("analysis-3", "analysis", "what is this");
        plugin_.add_artifact("plot-1", "plot", "<svg/>");
        std::string folder = ::testing::TempDir() + "assistd-export-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
    }
    ~ExportPlugin() override { std::filesystem::remove_all(folder_); }

    Outcome call(const std::string& tool, const Json& arguments) {
        const Outcome outcome = plugin_.run(tool, arguments);
        if (outcome.ok()) {
            EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), tool, outcome.data), "");
        }
        return outcome;
    }
    std::string refusal(const std::string& tool, const Json& arguments) {
        const Outcome outcome = plugin_.run(tool, arguments);
        EXPECT_EQ(outcome.error_type, "ValidationError");
        EXPECT_TRUE(outcome.artifacts.empty());
        return outcome.message;
    }
    // Puts the files of a call into the folder and has the script look at them.
    void read_back(const Outcome& outcome, const std::string& check) {
        for (const StoredArtifact& made : outcome.artifacts)
            std::ofstream(folder_ + "/" + made.name) << made.bytes;
        std::ofstream(folder_ + "/original.npy") << particle_file(particles());
        std::ofstream(folder_ + "/metadata.json") << metadata();
        const std::string command = PYTHON " " READ_BACK_SCRIPT " " + check + " " + folder_;
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
    }

    void add_simulation(const std::string& handle, const Json& about, const std::vector<Particle>& geometry) {
        plugin_.add_artifact(handle, "simulation", particle_file(geometry), about);
    }

    PluginRunner plugin_;
    std::string folder_;
};

TEST_F(ExportPlugin, HasAHandlerForEachToolOfItsManifest) {
    const Json about = plugin_.manifest();
    for (const Json& tool : about.at("tools")) {
        EXPECT_NE(plugin_.run(tool.at("name"), Json::object()).status, ASSISTD_UNKNOWN_TOOL)
            << tool.at("name");
        EXPECT_GE(tool.at("phrases").size(), 10u) << tool.at("name");
    }
}

TEST_F(ExportPlugin, WritesGeometryAsCsv) {
    const Outcome outcome = call("export_geometry", {{"simulation", "simulation-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "geometry");
    EXPECT_EQ(outcome.artifacts[0].name, "simulation-1.csv");
    EXPECT_EQ(outcome.artifacts[0].media_type, "text/csv");
    EXPECT_EQ(outcome.data.at("size"), outcome.artifacts[0].bytes.size());
    EXPECT_FALSE(outcome.data.contains("content"));
    read_back(outcome, "geometry_csv");
}

TEST_F(ExportPlugin, WritesGeometryAsExtendedXyz) {
    const Outcome outcome = call("export_geometry", {{"simulation", "simulation-1"}, {"format", "xyz"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.artifacts.at(0).name, "simulation-1.xyz");
    read_back(outcome, "geometry_xyz");
}

TEST_F(ExportPlugin, RepeatsAShortFileInTheResultWhenAsked) {
    const Outcome outcome = call("export_geometry", {{"simulation", "simulation-1"}, {"inline", true}});
    EXPECT_EQ(outcome.data.at("content"), outcome.artifacts.at(0).bytes);

    const std::vector<Particle> many(5000);
    add_simulation("simulation-4", Json::object(), many);
    const Outcome large = call("export_geometry", {{"simulation", "simulation-4"}, {"inline", true}});
    EXPECT_EQ(large.artifacts.at(0).bytes.size(), large.data.at("size").get<std::size_t>());
    EXPECT_FALSE(large.data.contains("content"));
    EXPECT_EQ(large.data.at("content_omitted"),
              "The file is larger than 50 KB; download the artifact instead.");
}

TEST_F(ExportPlugin, WritesResultsAsTables) {
    const Outcome outcome = call("export_simulation_csv", {{"simulation", "simulation-1"}, {"inline", true}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    ASSERT_EQ(outcome.artifacts.size(), 2u);
    EXPECT_EQ(outcome.artifacts[0].kind, "table");
    EXPECT_EQ(outcome.artifacts[0].name, "simulation-1-properties.csv");
    EXPECT_EQ(outcome.artifacts[1].name, "simulation-1-rg-evolution.csv");
    EXPECT_EQ(outcome.data.at("files")[1].at("content"), outcome.artifacts[1].bytes);
    read_back(outcome, "tables");
}

TEST_F(ExportPlugin, DrawsRgAgainstN) {
    const Outcome svg = call("generate_plot", {{"source", "simulation-1"}});
    ASSERT_TRUE(svg.ok()) << svg.message;
    EXPECT_EQ(svg.artifacts.at(0).kind, "plot");
    EXPECT_EQ(svg.artifacts[0].name, "simulation-1-rg-vs-n.svg");
    EXPECT_EQ(svg.artifacts[0].media_type, "image/svg+xml");
    EXPECT_DOUBLE_EQ(svg.data.at("slope").get<double>(), 0.4);
    EXPECT_NEAR(svg.data.at("slope_error").get<double>(), 0.0123 / 6.25, 1e-12);
    read_back(svg, "svg");
    const Outcome png = call("generate_plot", {{"source", "simulation-1"}, {"format", "png"}});
    ASSERT_TRUE(png.ok()) << png.message;
    read_back(png, "png");
}

TEST_F(ExportPlugin, DrawsBoxCounting) {
    const Outcome svg = call("generate_plot", {{"source", "analysis-1"}, {"plot", "box_counting"}});
    ASSERT_TRUE(svg.ok()) << svg.message;
    EXPECT_EQ(svg.artifacts.at(0).name, "analysis-1-box-counting.svg");
    EXPECT_DOUBLE_EQ(svg.data.at("slope").get<double>(), -1.8);
    read_back(svg, "svg");
    const Outcome png = call("generate_plot", {{"source", "analysis-1"}, {"format", "png"}, {"dpi", 300}});
    ASSERT_TRUE(png.ok()) << png.message;
    EXPECT_EQ(png.data.at("plot"), "box_counting");
    read_back(png, "png");
}

// Points in every corner of the frame leave the legend no place in it.
TEST_F(ExportPlugin, LegendsHideNoPoint) {
    Json scattered = metadata();
    scattered["rg_evolution"] = {{"n", {10, 10, 1000, 1000, 100}}, {"rg", {2, 200, 2, 200, 20}}};
    scattered.erase("df");
    add_simulation("simulation-5", scattered, particles());
    const Outcome outcome = call("generate_plot", {{"source", "simulation-5"}, {"format", "png"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    read_back(outcome, "whole_discs");
}

TEST_F(ExportPlugin, PlotsTheGrowthOfAnAnalysedSimulation) {
    const Outcome outcome = call("generate_plot", {{"source", "analysis-1"}, {"plot", "rg_vs_n"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.artifacts.at(0).name, "simulation-1-rg-vs-n.svg");
    EXPECT_EQ(outcome.data.at("points"), 300);
}

TEST_F(ExportPlugin, SaysWhatCannotBeExported) {
    EXPECT_EQ(refusal("export_geometry", {{"simulation", "plot-1"}}),
              "simulation must be an artifact of kind simulation; plot-1 is of kind plot.");
    EXPECT_EQ(refusal("export_geometry", {{"simulation", "simulation-3"}}),
              "simulation-3 has no geometry: the simulation stored no particles.");
    EXPECT_EQ(refusal("export_geometry", {{"simulation", "simulation-1"}, {"format", "docx"}}),
              "format must be one of \"csv\", \"xyz\", \"vtp\", \"ply\", \"obj\", \"stl\", \"npy\" or "
              "\"hdf5\"; it is "
              "\"docx\".");
    EXPECT_EQ(refusal("export_simulation_csv", {{"simulation", "simulation-2"}}),
              "simulation-2 reports no results that could be exported.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "simulation-1"}, {"plot", "box_counting"}}),
              "simulation-1 is a simulation, and its boxes have not been counted yet. Run run_box_counting "
              "on it first, "
              "then plot the analysis that it stores.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "plot-1"}}),
              "source must be an artifact of kind simulation or analysis; plot-1 is of kind plot.");
    EXPECT_NE(refusal("generate_plot", {{"source", "simulation-2"}}).find("reports no growth curve"),
              std::string::npos);
    EXPECT_EQ(refusal("generate_plot", {{"source", "analysis-2"}}),
              "analysis-2 is an analysis, but not a box counting.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "analysis-3"}}),
              "analysis-3 is not an analysis that can be read.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "simulation-9"}}),
              "source names the artifact \"simulation-9\", which does not exist.");
}

TEST_F(ExportPlugin, StopsWhenItIsCancelled) {
    add_simulation("simulation-4", Json::object(), std::vector<Particle>(50'000));
    plugin_.cancel_at_look(3);
    const Outcome outcome = plugin_.run("export_geometry", {{"simulation", "simulation-4"}});
    EXPECT_EQ(outcome.status, ASSISTD_CANCELLED);
    EXPECT_TRUE(outcome.artifacts.empty());
}

}  // namespace
}  // namespace assistd::exporting
