// The plugin as the host sees it. What it writes is read back by read_back.py.

#include "export_plugin.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

const auto particles = sample_particles;
const auto metadata = sample_metadata;

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
              "The file is larger than 50 kB; download the artifact instead.");
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

// What made it stands with what came of it, in every header that properties are written to.
TEST_F(ExportPlugin, PropertiesTellWhatMadeTheCluster) {
    Json about = sample_metadata();
    about["length_unit"] = "nm";
    about["algorithm"] = "cca";
    about["parameters"] = {{"sticking_probability", 0.5},
                           {"radius_min", 1},
                           {"radius_max", 3},
                           {"sintering", 0.9},
                           {"box_size", 64},
                           {"sigma_g", nullptr}};
    about["box"] = {{"size", 64}, {"volume_fraction", 0.01}};
    about["fit_range"] = {10, 1000};
    about["warnings"] = {"Beware.", "Of this, too."};
    add_simulation("simulation-7", about, sample_particles());
    const std::string table =
        call("export_simulation_csv", {{"simulation", "simulation-7"}}).artifacts.at(0).bytes;
    for (const char* name : {"sticking_probability", "radius_min [nm]", "radius_max [nm]", "sintering",
                             "box_size [a]", "volume_fraction", "fit_first_n", "fit_last_n", "warnings"})
        EXPECT_NE(table.substr(0, table.find('\n')).find(name), std::string::npos) << name << "\n" << table;
    EXPECT_NE(table.find("Beware. Of this, too."), std::string::npos) << table;
    EXPECT_EQ(table.find("sigma_g"), std::string::npos);
    for (const char* format : {"csv", "xyz", "vtp"}) {
        const std::string file = call("export_geometry", {{"simulation", "simulation-7"}, {"format", format}})
                                     .artifacts.at(0)
                                     .bytes;
        EXPECT_NE(file.find("volume_fraction"), std::string::npos) << format;
        EXPECT_NE(file.find("sticking_probability"), std::string::npos) << format;
    }
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
    EXPECT_DOUBLE_EQ(svg.data.at("uncorrected_slope").get<double>(), -1.741);
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
    EXPECT_EQ(
        refusal("generate_plot", {{"source", "simulation-1"}, {"plot", "box_counting"}}),
        "simulation-1 has no box counting yet that could be plotted; run run_box_counting on it first.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "plot-1"}}),
              "source must be an artifact of kind simulation or analysis or comparison or study; plot-1 is "
              "of kind plot.");
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
