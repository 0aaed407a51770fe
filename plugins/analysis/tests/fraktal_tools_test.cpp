// FRAKTAL of simulations and of images as the host sees it: results, artifacts and sentences.

#include "tool_runs.h"

#include <cmath>
#include <map>
#include <numbers>
#include <regex>

namespace assistd::analysis {
namespace {

TEST_F(AnalysisTools, FraktalOfASimulation) {
    const Json about{{"name", "soot"}, {"df", 1.9}, {"kf", 1.3}, {"rg", 12.5}, {"n_particles", 256}};
    add_simulation("simulation-1", aggregate(), about);
    const Outcome outcome =
        run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"primary_diameter_nm", 25}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& data = outcome.data;
    EXPECT_GT(data.at("df"), 1.3);
    EXPECT_LT(data.at("df"), 2.5);
    EXPECT_NEAR(data.at("npo").get<double>(), 256, 100);
    EXPECT_EQ(data.at("length_unit"), "nm");
    EXPECT_EQ(data.at("delta"), 1);
    EXPECT_EQ(data.at("simulation_reports").at("df"), 1.9);
    // The sums fit together: n spheres of 25 nm, 1.85 g/cm^3.
    const double npo = data.at("npo"), sphere = std::numbers::pi / 6 * 25 * 25 * 25;
    EXPECT_NEAR(data.at("volume").get<double>(), npo * sphere, 1e-6 * npo * sphere);
    EXPECT_NEAR(data.at("mass").get<double>(), 1.85e-6 * npo * sphere, 1e-9 * npo * sphere);
    EXPECT_NEAR(npo,
                data.at("kf").get<double>() *
                    std::pow(data.at("rg").get<double>() / 12.5, data.at("df").get<double>()),
                1e-5 * npo);

    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "analysis");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("analysis"), "fraktal");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("simulation"), "simulation-1");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("parameters").at("axis"), "z");
    EXPECT_EQ(Json::parse(outcome.artifacts[0].bytes).at("subject"), about);
    EXPECT_NE(outcome.summary.find("FRAKTAL (granulated_2012) of soot (simulation-1): Df = "),
              std::string::npos);
    // One view tells no more than four digits of an area of some million.
    EXPECT_TRUE(std::regex_search(
        outcome.summary, std::regex(", volume [0-9]{4}0+ nm\u00b3, surface area [0-9]{4}0+ nm\u00b2, ")))
        << outcome.summary;
    EXPECT_NE(outcome.summary.find(" primary particles (the simulation has "), std::string::npos)
        << outcome.summary;
}

TEST_F(AnalysisTools, FraktalWithoutASizeKnowsNoMass) {
    add_simulation("simulation-1", aggregate());
    const Outcome outcome = run("run_fraktal_analysis", {{"simulation", "simulation-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_TRUE(outcome.data.at("mass").is_null());
    EXPECT_EQ(outcome.data.at("length_unit"), "the simulation's own");
    EXPECT_EQ(outcome.data.at("primary_diameter"), 2);
    EXPECT_TRUE(outcome.data.at("warnings").empty());
    const Outcome in_vain = run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"density", 1.85}});
    EXPECT_TRUE(in_vain.data.at("mass").is_null());
    EXPECT_NE(
        in_vain.summary.find("so there is no mass. Give primary_diameter_nm, or a simulation that was made "
                             "with a length_unit."),
        std::string::npos)
        << in_vain.summary;
}

// Each view is what a single one with its seed finds; the numbers are their plain mean and its error.
TEST_F(AnalysisTools, FraktalOfSeveralViewsHasTheirMeans) {
    add_simulation("simulation-1", aggregate(), {{"n_particles", 256}});
    const Json arguments{{"simulation", "simulation-1"}, {"views", 8}, {"seed", 5}};
    const Outcome outcome = run("run_fraktal_analysis", arguments);
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& views = outcome.data.at("views");
    EXPECT_EQ(views.at("asked"), 8);
    ASSERT_EQ(views.at("solved"), views.at("each").size());
    ASSERT_GT(views.at("each").size(), 4u);
    std::map<std::string, std::vector<double>> found;
    for (const Json& each : views.at("each")) {
        const Outcome one =
            run("run_fraktal_analysis",
                {{"simulation", "simulation-1"}, {"axis", "random"}, {"seed", each.at("seed")}});
        for (const char* name : {"df", "kf", "rg", "npo", "ap"}) {
            EXPECT_EQ(each.at(name), one.data.at(name)) << name;
            found[name].push_back(each.at(name));
        }
        EXPECT_EQ(each.at("direction"), one.data.at("projection").at("direction"));
        EXPECT_FALSE(one.data.contains("views"));
    }
    EXPECT_EQ(views.at("each")[0].at("seed"), 5);
    const auto count = static_cast<double>(found["df"].size());
    for (const auto& [name, values] : found) {
        double mean = 0, squares = 0;
        for (const double value : values) mean += value / count;
        for (const double value : values) squares += (value - mean) * (value - mean);
        const double error = std::sqrt(squares / (count - 1) / count);
        EXPECT_NEAR(outcome.data.at(name).get<double>(), mean, 1e-9 * mean) << name;
        EXPECT_NEAR(views.at("figures").at(name).at("standard_error").get<double>(), error, 1e-9 * mean);
    }
    EXPECT_EQ(outcome.data.at("standard_error"), views.at("figures").at("df").at("standard_error"));
    EXPECT_EQ(outcome.data.at("seed"), 5);
    const std::string opening =
        ": mean \u00b1 standard error of " + std::to_string(found["df"].size()) + " views: Df = ";
    EXPECT_NE(outcome.summary.find(opening), std::string::npos) << outcome.summary;
    EXPECT_EQ(outcome.artifacts.at(0).metadata.at("parameters").at("views"), 8);
    EXPECT_EQ(outcome.artifacts.at(0).bytes, run("run_fraktal_analysis", arguments).artifacts.at(0).bytes);
}

TEST_F(AnalysisTools, FraktalSaysWhichViewsHaveNoSolution) {
    std::vector<Particle> sheet;
    for (int i = 0; i < 15; ++i)
        for (int j = 0; j < 15; ++j) sheet.push_back({2.0 * i, 2.0 * j, 0, 1, -1, 0});
    add_simulation("simulation-1", sheet);
    const Outcome outcome =
        run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"views", 20}, {"seed", 1}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const int solved = outcome.data.at("views").at("solved");
    EXPECT_LT(solved, 20);
    EXPECT_NE(outcome.summary.find("The model has no Df for " + std::to_string(20 - solved) +
                                   " of the 20 views, so that the means are of the others"),
              std::string::npos)
        << outcome.summary;
    std::vector<Particle> cube;
    for (int i = 0; i < 343; ++i)
        cube.push_back({2.0 * (i % 7), 2.0 * (i / 7 % 7), 2.0 * (i / 49), 1, -1, 0});
    add_simulation("simulation-2", cube);
    EXPECT_NE(problem("run_fraktal_analysis", {{"simulation", "simulation-2"}, {"views", 4}, {"seed", 1}})
                  .find("Of 4 views none has a solution."),
              std::string::npos);
    EXPECT_EQ(problem("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"views", 4}, {"axis", "x"}}),
              "Several views look from random directions; leave axis out.");
}

// 2a, whatever the unit, is the diameter that would have been given.
TEST_F(AnalysisTools, FraktalTakesTheSizeFromASimulationThatKnowsIt) {
    add_simulation("simulation-1", aggregate(), {{"length_unit", "um"}, {"particle_radius", 1}});
    Json arguments{{"simulation", "simulation-1"}, {"density", 2}};
    const Outcome outcome = run("run_fraktal_analysis", arguments);
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Json& data = outcome.data;
    EXPECT_EQ(data.at("length_unit"), "nm");
    EXPECT_NEAR(data.at("primary_diameter").get<double>(), 2000, 1e-9);
    const double mass = 2e-6 * data.at("volume").get<double>();
    EXPECT_NEAR(data.at("mass").get<double>(), mass, 1e-9 * mass);
    for (const char* told : {": Df = ", ", Rg of the silhouette = ", " nm, ", ", volume ",
                             " nm³, surface area ", " nm², mass ", " fg at 2 g/cm³. One view"})
        EXPECT_NE(outcome.summary.find(told), std::string::npos) << told << " in " << outcome.summary;
    arguments["primary_diameter_nm"] = 2000;
    EXPECT_NEAR(run("run_fraktal_analysis", arguments).data.at("mass").get<double>(), mass, 1e-9 * mass);
    add_simulation("simulation-2", aggregate(), {{"length_unit", "nm"}});
    const Outcome corrected =
        run("run_fraktal_analysis", {{"simulation", "simulation-2"}, {"correction_3d", true}});
    ASSERT_TRUE(corrected.ok()) << corrected.message;
    EXPECT_NE(corrected.summary.find(" (of the silhouette "), std::string::npos) << corrected.summary;
}

TEST_F(AnalysisTools, FraktalRefusesADiameterThatContradictsTheSimulation) {
    add_simulation("simulation-1", aggregate(), {{"length_unit", "um"}, {"particle_radius", 1}});
    const auto analysed = [this](double diameter) {
        return run("run_fraktal_analysis",
                   {{"simulation", "simulation-1"}, {"primary_diameter_nm", diameter}});
    };
    EXPECT_EQ(
        analysed(30).message,
        "primary_diameter_nm is 30, but the particles of simulation-1 are 2000 nm across in the mean (its "
        "lengths are in um). Give 2000, or leave it out, which means the same.");
    EXPECT_TRUE(analysed(2000).ok());
    EXPECT_TRUE(analysed(1950).ok());  // rounded
}

TEST_F(AnalysisTools, FraktalDrawsAndReportsASeed) {
    add_simulation("simulation-1", aggregate());
    const Outcome drawn = run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"axis", "random"}});
    ASSERT_TRUE(drawn.ok()) << drawn.message;
    const Json seed = drawn.data.at("projection").at("seed");
    const Outcome again =
        run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"axis", "random"}, {"seed", seed}});
    ASSERT_TRUE(again.ok()) << again.message;
    EXPECT_EQ(again.data, drawn.data);
    EXPECT_EQ(again.artifacts[0].bytes, drawn.artifacts[0].bytes);
    // Where the daemon looks for a seed, so that the artifact can be made again.
    EXPECT_EQ(drawn.data.at("seed"), seed);
    EXPECT_FALSE(run("run_fraktal_analysis", {{"simulation", "simulation-1"}}).data.contains("seed"));
}

TEST_F(AnalysisTools, FraktalWarnsWhenItFindsOtherParticlesThanThereAre) {
    add_simulation("simulation-1", block(15, 15, 1));
    add_simulation("simulation-2", block(7, 7, 7));
    const Outcome edge_on = run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"axis", "x"}});
    ASSERT_TRUE(edge_on.ok()) << edge_on.message;
    const std::string warning = edge_on.data.at("warnings").dump();
    EXPECT_NE(warning.find("primary particles where the simulation has 225"), std::string::npos) << warning;
    EXPECT_NE(edge_on.summary.find("where the simulation has 225"), std::string::npos);
    const Outcome cube = run("run_fraktal_analysis", {{"simulation", "simulation-2"}});
    ASSERT_TRUE(cube.ok()) << cube.message;
    EXPECT_NE(cube.data.at("warnings").dump().find("the simulation has 343"), std::string::npos);
    // An open aggregate is found well enough.
    add_simulation("simulation-3", aggregate());
    EXPECT_TRUE(run("run_fraktal_analysis", {{"simulation", "simulation-3"}}).data.at("warnings").empty());
}

TEST_F(AnalysisTools, FraktalRefusesACompactBodyAndSaysWhatMeasuresIt) {
    add_simulation("simulation-1", block(7, 7, 7));
    const std::string refusal =
        problem("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"axis", "random"}, {"seed", 1}});
    EXPECT_NE(refusal.find("more compact than the model can describe"), std::string::npos) << refusal;
    EXPECT_TRUE(refusal.ends_with("run_box_counting measures the simulation itself, in space.")) << refusal;
}

TEST_F(AnalysisTools, FraktalRefusesAFlatClusterEdgeOn) {
    add_simulation("simulation-1", block(15, 15, 1), {{"dimensions", 2}});
    for (const char* axis : {"x", "y"})
        EXPECT_EQ(problem("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"axis", axis}}),
                  "simulation-1 is a flat cluster, and along " + std::string(axis) +
                      " one looks into its own plane, where its particles hide one another. Take axis z, "
                      "which looks straight onto it.");
    EXPECT_TRUE(run("run_fraktal_analysis", {{"simulation", "simulation-1"}}).ok());
}

TEST_F(AnalysisTools, FraktalTakesTheOverlapFromTheSimulation) {
    std::vector<Particle> particles = block(60, 1, 1);
    for (std::size_t i = 0; i < particles.size(); ++i) {
        particles[i].x *= 0.8;
        particles[i].parent = static_cast<std::int32_t>(i) - 1;
    }
    add_simulation("simulation-1", particles);
    EXPECT_NEAR(run("run_fraktal_analysis", {{"simulation", "simulation-1"}}).data.at("delta").get<double>(),
                1.25, 1e-9);
    for (Particle& particle : particles) particle.x *= 0.6;
    add_simulation("simulation-2", particles);
    EXPECT_NE(problem("run_fraktal_analysis", {{"simulation", "simulation-2"}}).find("overlap more than"),
              std::string::npos);
}

TEST_F(AnalysisTools, FraktalByVoxelsWarns) {
    add_simulation("simulation-1", aggregate());
    const Outcome outcome =
        run("run_fraktal_analysis", {{"simulation", "simulation-1"}, {"model", "voxel_2018"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_NE(outcome.data.at("warnings").dump().find("depend on the size of a pixel"), std::string::npos);
    EXPECT_TRUE(outcome.data.at("voxels").is_number());
}

TEST_F(AnalysisTools, FraktalSaysWhatIsWrong) {
    add_simulation("simulation-1", aggregate());
    add_simulation("simulation-2", block(50, 1, 1));
    plugin_.add_artifact("simulation-3", "simulation", "");
    const auto why = [this](Json arguments, const char* simulation = "simulation-1") {
        arguments["simulation"] = simulation;
        return problem("run_fraktal_analysis", arguments);
    };
    EXPECT_EQ(why({{"seed", 3}}), "seed draws a random direction and goes with axis random only.");
    EXPECT_NE(why({{"correction_3d", true}}).find("give primary_diameter_nm"), std::string::npos);
    EXPECT_EQ(why({{"delta", 0.9}}), "delta must be at least 1; it is 0.9.");
    EXPECT_EQ(why({{"pixels_per_diameter", 2}}), "pixels_per_diameter must be at least 4; it is 2.");
    EXPECT_NE(why({{"axis", "x"}}, "simulation-2").find("needs at least 5"), std::string::npos);
    EXPECT_NE(why(Json::object(), "simulation-3").find("stored no particles"), std::string::npos);
    plugin_.cancel_at_look(1);
    EXPECT_EQ(run("run_fraktal_analysis", {{"simulation", "simulation-1"}}).status, ASSISTD_CANCELLED);
}

TEST_F(AnalysisTools, FraktalOfAnImageIsThatOfItsSimulation) {
    add_simulation("simulation-1", aggregate());
    const Json size{{"primary_diameter_nm", 25}};
    Json of_simulation = size, of_image = size;
    of_simulation["simulation"] = "simulation-1";
    of_image["image"] = "file-1";
    of_image["nm_per_pixel"] = 1.25;
    const auto rows = micrograph();
    const std::string file = png_file(static_cast<int>(rows[0].size()), rows);
    plugin_.add_artifact("file-1", "file", file, Json::object(), "soot.png", "image/png");
    const Outcome seen = run("run_fraktal_from_image", of_image);
    const Outcome known = run("run_fraktal_analysis", of_simulation);
    ASSERT_TRUE(seen.ok()) << seen.message;
    ASSERT_TRUE(known.ok()) << known.message;
    for (const char* key : {"df", "kf", "rg", "npo", "ap", "volume", "mass", "surface_area"})
        EXPECT_NEAR(seen.data.at(key).get<double>(), known.data.at(key).get<double>(),
                    1e-6 * known.data.at(key).get<double>())
            << key;
    EXPECT_TRUE(seen.data.at("warnings").empty()) << seen.data.at("warnings");
    EXPECT_EQ(seen.data.at("picture").at("object"), "dark");
    ASSERT_EQ(seen.artifacts.size(), 1u);
    EXPECT_EQ(seen.artifacts[0].name, "file-1-fraktal.json");
    EXPECT_EQ(seen.artifacts[0].metadata.at("image"), "file-1");
    EXPECT_NE(seen.summary.find("soot.png (file-1)"), std::string::npos);
}

TEST_F(AnalysisTools, FraktalOfAnImageWarns) {
    auto rows = micrograph();
    for (std::size_t y = 2; y < 28; ++y)
        for (std::size_t x = 2; x < 100; ++x) rows[y][x] = 60;  // another object
    for (auto& row : rows) row[0] = 60;                         // not an object: a line along the border
    plugin_.add_artifact("file-1", "file", png_file(static_cast<int>(rows[0].size()), rows));
    const Json arguments{{"image", "file-1"}, {"nm_per_pixel", 1.25}, {"primary_diameter_nm", 25}};
    const Outcome outcome = run("run_fraktal_from_image", arguments);
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_NE(outcome.data.at("warnings").dump().find("2 smaller objects with"), std::string::npos);
    Json all = arguments;
    all["largest_object"] = false;
    EXPECT_NE(run("run_fraktal_from_image", all).data.at("warnings").dump().find("touches the border"),
              std::string::npos);
}

// Particles of less than a pixel nobody can see.
TEST_F(AnalysisTools, FraktalOfAnImageNeedsParticlesOfSomePixels) {
    const auto rows = micrograph();
    plugin_.add_artifact("file-1", "file", png_file(static_cast<int>(rows[0].size()), rows));
    const auto analysed = [this](double nm_per_pixel) {
        return run(
            "run_fraktal_from_image",
            {{"image", "file-1"}, {"nm_per_pixel", nm_per_pixel}, {"primary_diameter_nm", 2.5 * 1.25}});
    };
    const std::string coarse = "A primary particle is 2.5 pixels across, fewer than 3";
    EXPECT_NE(analysed(1.25).summary.find(coarse), std::string::npos) << analysed(1.25).summary;
    EXPECT_EQ(analysed(1).summary.find("fewer than 3"), std::string::npos);
    EXPECT_EQ(analysed(4).error_type, "ValidationError");
    EXPECT_NE(analysed(4).message.find("A primary particle would be 0.78 pixels across, less than one"),
              std::string::npos);
}

TEST_F(AnalysisTools, FraktalOfAnImageNeedsAWindowWiderThanItsParticles) {
    const auto rows = micrograph();
    plugin_.add_artifact("file-1", "file", png_file(static_cast<int>(rows[0].size()), rows));
    const auto summary_of = [this](int window) {
        const Outcome outcome = run("run_fraktal_from_image", {{"image", "file-1"},
                                                               {"nm_per_pixel", 1.25},
                                                               {"primary_diameter_nm", 25},
                                                               {"threshold_method", "adaptive"},
                                                               {"window", window}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.summary;
    };
    const std::string narrow =
        "The window of the adaptive threshold is 15 pixels wide and a primary particle 20:";
    EXPECT_NE(summary_of(15).find(narrow), std::string::npos) << summary_of(15);
    EXPECT_EQ(summary_of(151).find("The window of the adaptive threshold"), std::string::npos);
}

TEST_F(AnalysisTools, FraktalOfAnImageSaysWhatIsWrong) {
    const auto rows = micrograph();
    const std::string good = png_file(static_cast<int>(rows[0].size()), rows);
    plugin_.add_artifact("file-1", "file", good);
    plugin_.add_artifact("file-2", "file", "a text");
    plugin_.add_artifact("file-3", "file", good.substr(0, good.size() / 2));
    plugin_.add_artifact("file-4", "file",
                         png_file(9, std::vector<std::vector<png_byte>>(9, std::vector<png_byte>(9))));
    plugin_.add_artifact("plot-1", "plot", good);
    const auto why = [this](Json more, const char* image = "file-1") {
        Json arguments{{"image", image}, {"nm_per_pixel", 1.25}, {"primary_diameter_nm", 25}};
        arguments.update(more);
        return problem("run_fraktal_from_image", arguments);
    };
    EXPECT_EQ(why(Json::object(), "file-2"),
              "file-2 cannot be analysed. The file is neither a PNG nor a TIFF. Convert it to one of them.");
    EXPECT_NE(why(Json::object(), "file-3").find("file-3 cannot be analysed. The PNG is damaged"),
              std::string::npos);
    EXPECT_NE(why(Json::object(), "file-4").find("same level everywhere"), std::string::npos);
    EXPECT_EQ(why(Json::object(), "plot-1"),
              "image must be an artifact of kind file or image; plot-1 is of kind plot.");
    EXPECT_EQ(why({{"threshold_method", "manual"}}),
              "The manual method needs threshold, a level of grey from 0 to 255.");
    EXPECT_NE(why({{"threshold", 100}}).find("goes with threshold_method manual"), std::string::npos);
    EXPECT_EQ(why({{"threshold", 300}}), "threshold must be at most 255; it is 300.");
    EXPECT_NE(why({{"window", 31}}).find("adaptive only"), std::string::npos);
    EXPECT_EQ(why({{"nm_per_pixel", 0}}), "nm_per_pixel must be more than 0; it is 0.");
    EXPECT_NE(why({{"threshold_method", "manual"}, {"threshold", 10}, {"object", "dark"}}).find("No pixel"),
              std::string::npos);
    EXPECT_NE(problem("run_fraktal_from_image", {{"image", "file-1"}, {"nm_per_pixel", 1}})
                  .find("needs primary_diameter_nm"),
              std::string::npos);
}

}  // namespace
}  // namespace assistd::analysis
