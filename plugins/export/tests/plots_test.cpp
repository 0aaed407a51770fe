// The kinds of plots beyond those of tools_test.cpp.

#include <array>
#include <cmath>
#include <cstdio>

#include "export_plugin.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

// The words of a page, as poppler reads them.
std::string text_of_pdf(const std::string& path) {
    std::string text;
    std::FILE* pipe = ::popen(("pdftotext " + path + " -").c_str(), "r");
    std::array<char, 4096> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
        text.append(part.data(), size);
    EXPECT_EQ(::pclose(pipe), 0);
    return text;
}

class Plots : public ExportPlugin {
  protected:
    Plots() {
        Json other = sample_metadata();
        other["df"] = 1.7;
        other["dimensions"] = 2;
        other["n_particles"] = 1000;
        add_simulation("simulation-4", other, sample_particles());
        Json whole = sample_metadata();
        whole["coordination"]["histogram"] = {0, 100, 120, 60, 20};
        whole["pair_correlation"] = {{"r", {0.5, 4, 8, 16, 32}}, {"g_r", {0, 0.1, 0.04, 0.016, 0.001}}};
        add_simulation("simulation-5", whole, sample_particles());
        add_simulation("simulation-6", whole, sample_particles());
    }
    Outcome plot(Json arguments) {
        arguments["format"] = arguments.value("format", "png");
        const Outcome outcome = call("generate_plot", arguments);
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        if (!outcome.ok()) return outcome;
        EXPECT_EQ(outcome.artifacts.size(), 1u);
        EXPECT_EQ(outcome.artifacts[0].kind, "plot");
        return outcome;
    }
};

TEST_F(Plots, PdfIsDeterministicAndReadableByOthers) {
    const Json arguments{{"source", "simulation-1"}, {"format", "pdf"}};
    const Outcome outcome = plot(arguments);
    EXPECT_EQ(outcome.artifacts.at(0).media_type, "application/pdf");
    read_back(outcome, "pdf");
    for (const char* format : {"pdf", "png", "svg"}) {
        const Json again{{"source", "simulation-5"}, {"plot", "coordination"}, {"format", format}};
        EXPECT_TRUE(plot(again).artifacts.at(0).bytes == plot(again).artifacts.at(0).bytes) << format;
    }
}

TEST_F(Plots, SeveralSimulationsShareTheAxes) {
    const Outcome one = plot({{"source", "simulation-1"}});
    const Outcome both = plot(
        {{"source", "simulation-1"}, {"overlay", {"simulation-4", "simulation-1"}}, {"plot", "rg_vs_n"}});
    EXPECT_EQ(both.data.at("overlaid"), Json({"simulation-1", "simulation-4"}));
    EXPECT_EQ(both.data.at("points"), 600);
    EXPECT_FALSE(one.data.contains("overlaid"));
    EXPECT_EQ(both.artifacts.at(0).name, "simulation-1-rg-vs-n.png");
    read_back(both, "png");
}

TEST_F(Plots, WhatIsOutsideTheFitIsPaleWhereSeveralShareTheAxes) {
    const auto svg = [&](const char* other) {
        return plot(
                   {{"source", "simulation-1"}, {"overlay", {other}}, {"plot", "rg_vs_n"}, {"format", "svg"}})
            .artifacts.at(0)
            .bytes;
    };
    Json part = sample_metadata();
    part["fit_range"] = {30, 200};
    add_simulation("simulation-7", part, sample_particles());
    constexpr const char* pale_vermilion = "rgb(94.2";
    EXPECT_EQ(svg("simulation-4").find(pale_vermilion), std::string::npos);
    EXPECT_NE(svg("simulation-7").find(pale_vermilion), std::string::npos);
}

TEST_F(Plots, CoordinationHasTheMeanOfTheHistogram) {
    const Outcome one = plot({{"source", "simulation-5"}, {"plot", "coordination"}});
    EXPECT_DOUBLE_EQ(one.data.at("mean").get<double>(), 1.99);
    read_back(one, "bars");
    EXPECT_EQ(plot({{"source", "simulation-5"}, {"overlay", {"simulation-6"}}, {"plot", "coordination"}})
                  .data.at("points"),
              10);
}

TEST_F(Plots, PairCorrelationHasTheSlopeOfTheFittedPoints) {
    const Outcome of_analysis = plot({{"source", "analysis-4"}});
    EXPECT_EQ(of_analysis.data.at("plot"), "pair_correlation");
    EXPECT_NEAR(of_analysis.data.at("slope").get<double>(), -0.6, 0.02);
    EXPECT_NEAR(of_analysis.data.at("df").get<double>(), 2.4, 0.02);
    EXPECT_GT(of_analysis.data.at("slope_error").get<double>(), 0);
    // The empty shell below contact has no logarithm.
    EXPECT_EQ(plot({{"source", "simulation-5"}, {"plot", "pair_correlation"}}).data.at("points"), 4);
}

TEST_F(Plots, LocalDimensionIsThatOfThePowerLaw) {
    Json clean = sample_metadata();
    Json n = Json::array(), rg = Json::array();
    for (int i = 0; i < 60; ++i) {
        n.push_back(std::pow(10, 1 + i / 20.0));
        rg.push_back(std::pow(n.back().get<double>() / 1.3, 1 / 2.5));
    }
    clean["rg_evolution"] = {{"n", n}, {"rg", rg}};
    add_simulation("simulation-7", clean, sample_particles());
    const Outcome outcome = plot({{"source", "simulation-7"}, {"plot", "df_vs_n"}});
    EXPECT_EQ(outcome.data.at("points"), 40);  // half a decade is missing on either side
    clean["fit_range"] = {102, 10000};
    add_simulation("simulation-8", clean, sample_particles());
    EXPECT_EQ(plot({{"source", "simulation-8"}, {"plot", "df_vs_n"}}).data.at("fit_range"),
              (Json{102, 10000}))
        << "the line is drawn where it was fitted";
    EXPECT_EQ(plot({{"source", "simulation-1"}, {"overlay", {"simulation-4"}}, {"plot", "df_vs_n"}})
                  .data.at("points"),
              2);
}

TEST_F(Plots, AStudyShowsItsRuns) {
    const Outcome spread = plot({{"source", "study-1"}});
    EXPECT_EQ(spread.data.at("plot"), "df_distribution");
    EXPECT_EQ(spread.data.at("points"), 60);
    EXPECT_FALSE(spread.data.contains("mean"));  // of clusters of three sizes
    Json seeds = sample_study(20);
    for (Json& run : seeds["runs"]) run["parameters"]["n_particles"] = 300;
    plugin_.add_artifact("study-9", "study", seeds.dump());
    const Outcome alike = plot({{"source", "study-9"}});
    EXPECT_NEAR(alike.data.at("mean").get<double>(), 1.78, 0.03);
    EXPECT_NEAR(alike.data.at("std").get<double>(), 0.05, 0.015);
    read_back(alike, "bars");
    const Outcome sizes = plot({{"source", "study-1"}, {"plot", "df_vs_n"}});
    EXPECT_EQ(sizes.data.at("points"), 60);
    EXPECT_EQ(sizes.data.at("sizes"), 3);
}

Json study_of_sizes(double radius = 1) {
    Json study = sample_study(0);
    study["study"]["parameter_grid"] = {{"n_particles", {100, 200, 400, 800}}};
    study["runs"] = Json::array();
    const std::vector<std::pair<int, double>> runs{{100, 10.2}, {100, 9.6},  {200, 14.9}, {200, 15.4},
                                                   {400, 22.1}, {400, 23.0}, {800, 34.2}, {800, 32.9}};
    for (const auto& [n, rg] : runs)
        study["runs"].push_back({{"run", study["runs"].size() + 1},
                                 {"status", "completed"},
                                 {"parameters", {{"n_particles", n}}},
                                 {"metrics", {{"rg", rg * radius}, {"particle_radius", radius}}},
                                 {"artifacts", Json::array()}});
    return study;
}

// The numbers are those of numpy.polyfit(ln N, ln Rg, 1, cov=True), propagated to Df = 1/slope and kf.
TEST_F(Plots, AStudyShowsTheLawThroughItsWholeClusters) {
    for (const double radius : {1.0, 2.5}) {
        plugin_.add_artifact("study-10", "study", study_of_sizes(radius).dump());
        const Outcome outcome = plot({{"source", "study-10"}, {"plot", "rg_vs_n"}, {"format", "svg"}});
        EXPECT_EQ(outcome.data.at("points"), 8);
        EXPECT_EQ(outcome.data.at("sizes"), 4);
        EXPECT_NEAR(outcome.data.at("slope").get<double>(), 0.5857331443482101, 1e-9);
        EXPECT_NEAR(outcome.data.at("slope_error").get<double>(), 0.0123719473172757, 1e-9);
        EXPECT_NEAR(outcome.data.at("df").get<double>(), 1.7072621033128939, 1e-9);
        EXPECT_NEAR(outcome.data.at("df_error").get<double>(), 0.036061057843111574, 1e-9);
        EXPECT_NEAR(outcome.data.at("kf").get<double>(), 1.9688964796121093, 1e-9);
        EXPECT_NEAR(outcome.data.at("kf_error").get<double>(), 0.20908055516089227, 1e-9);
    }
}

TEST_F(Plots, WhatElseAStudyVariedHasALawOfItsOwn) {
    Json study = study_of_sizes();
    study["study"]["parameter_grid"]["regime"] = {"dlca", "rlca"};
    std::size_t number = 0;
    for (Json& run : study["runs"]) run["parameters"]["regime"] = number++ % 2 == 0 ? "dlca" : "rlca";
    plugin_.add_artifact("study-10", "study", study.dump());
    const Outcome outcome = plot({{"source", "study-10"}, {"plot", "rg_vs_n"}, {"format", "pdf"}});
    EXPECT_FALSE(outcome.data.contains("df"));  // of which?
    const std::string path = folder_ + "/two.pdf";
    std::ofstream(path) << outcome.artifacts[0].bytes;
    const std::string text = text_of_pdf(path);
    EXPECT_NE(text.find("regime = dlca"), std::string::npos) << text;
    EXPECT_NE(text.find("regime = rlca"), std::string::npos) << text;
}

TEST_F(Plots, TwoSizesOfAStudyMakeNoLaw) {
    Json study = study_of_sizes();
    while (study["runs"].size() > 4) study["runs"].erase(4);
    plugin_.add_artifact("study-10", "study", study.dump());
    const Outcome outcome = plot({{"source", "study-10"}, {"plot", "rg_vs_n"}});
    EXPECT_EQ(outcome.data.at("sizes"), 2);
    EXPECT_FALSE(outcome.data.contains("df"));
}

TEST_F(Plots, AStudyShowsItsDfAgainstWhatWasVaried) {
    Json study = sample_study(5);
    study["study"]["parameter_grid"] = {{"sticking_probability", {0.001, 0.1, 1}}};
    for (Json& run : study["runs"]) {
        const int n = run["parameters"]["n_particles"];
        run["parameters"] = {{"sticking_probability", n == 64 ? 0.001 : n == 128 ? 0.1 : 1.0}};
    }
    plugin_.add_artifact("study-8", "study", study.dump());
    const Outcome outcome = plot({{"source", "study-8"}, {"plot", "df_vs_parameter"}, {"format", "svg"}});
    EXPECT_EQ(outcome.data.at("points"), 15);
    EXPECT_EQ(outcome.data.at("values"), 3);
    EXPECT_EQ(outcome.data.at("parameter"), "sticking_probability");
    EXPECT_EQ(outcome.artifacts.at(0).name, "study-8-df-vs-sticking_probability.svg");
    // Of several that were varied one is to be named.
    study["study"]["parameter_grid"]["n_particles"] = {64, 128};
    plugin_.add_artifact("study-9", "study", study.dump());
    EXPECT_EQ(refusal("generate_plot", {{"source", "study-9"}, {"plot", "df_vs_parameter"}}),
              "study-9 varies n_particles, sticking_probability; say which of them to plot against.");
    EXPECT_EQ(plot({{"source", "study-9"}, {"parameter", "sticking_probability"}}).data.at("plot"),
              "df_vs_parameter");
    EXPECT_EQ(refusal("generate_plot", {{"source", "study-8"}, {"parameter", "sigma_g"}}),
              "study-8 does not vary sigma_g, but sticking_probability.");
    EXPECT_EQ(refusal("generate_plot", {{"source", "simulation-1"}, {"plot", "df_vs_parameter"}}),
              "df_vs_parameter shows the runs of a study; simulation-1 is none.");
}

// As a study with include_box_counting names it, when its tool reports no Df itself.
TEST_F(Plots, AStudysDfMayBeThatOfTheAnalysis) {
    Json study = sample_study(5);
    for (Json& run : study["runs"]) {
        if (run["metrics"].empty()) continue;
        run["parameters"]["n_particles"] = 300;
        run["metrics"] = {{"rg", 3}, {"run_box_counting.df", 1.6}, {"run_box_counting.standard_error", 0.02}};
    }
    plugin_.add_artifact("study-2", "study", study.dump());
    EXPECT_DOUBLE_EQ(plot({{"source", "study-2"}}).data.at("mean").get<double>(), 1.6);
}

// Whatever the legend holds, and wherever it finds room, nothing of the page is beyond its edge.
TEST_F(Plots, HaveBothLabelsWhereverTheLegendStands) {
    const auto text_of = [&](const char* source, const char* kind) {
        const Outcome made = plot({{"source", source}, {"plot", kind}, {"format", "pdf"}});
        std::ofstream(folder_ + "/plot.pdf") << made.artifacts.at(0).bytes;
        return text_of_pdf(folder_ + "/plot.pdf");
    };
    // As DLA in the plane grows, with curves that leave a corner just free, just not, and all between.
    for (int i = 0; i < 40; ++i) {
        const double bend = (i - 20) * 0.02;
        Json n = Json::array(), rg = Json::array();
        for (double at = 1; at < 10001; at *= 1.047) {
            const double particles = std::round(at);
            n.push_back(particles);
            rg.push_back(2 * std::pow(particles / 0.92, 1 / 1.72) * (1 + bend / std::sqrt(particles)));
        }
        Json about = sample_metadata();
        about.update({{"df", 1.72}, {"kf", 0.92}, {"df_stderr", 0.0035}, {"kf_stderr", 0.013}});
        about.update({{"rg_evolution", {{"n", n}, {"rg", rg}}}, {"fit_range", {100, 10000}}});
        add_simulation("simulation-8", about, sample_particles());
        const std::string text = text_of("simulation-8", "rg_vs_n");
        EXPECT_NE(text.find("number of particles"), std::string::npos) << i << text;
        EXPECT_NE(text.find("radius of gyration"), std::string::npos) << i << text;
    }
    const auto expect_labels = [&](const char* source, const char* kind, const char* x, const char* y) {
        const std::string text = text_of(source, kind);
        EXPECT_NE(text.find(x), std::string::npos) << kind << text;
        EXPECT_NE(text.find(y), std::string::npos) << kind << text;
    };
    expect_labels("simulation-1", "df_vs_n", "number of particles", "fractal dimension");
    expect_labels("simulation-5", "coordination", "coordination number", "fraction of particles");
    expect_labels("simulation-5", "pair_correlation", "distance", "pair correlation");
    expect_labels("analysis-1", "box_counting", "box size", "boxes");
    expect_labels("study-1", "df_distribution", "fractal dimension", "number of clusters");
    expect_labels("study-1", "df_vs_n", "number of particles", "fractal dimension");
    expect_labels("study-1", "df_vs_parameter", "number of particles", "fractal dimension");
}

// The legend of seven curves stands above the frame, which keeps its height.
TEST_F(Plots, ManyCurvesMakeThePageHigherAndNotTheFrameLower) {
    Json others = Json::array();
    for (int i = 10; i < 16; ++i) {
        others.push_back("simulation-" + std::to_string(i));
        Json about = sample_metadata();
        for (Json& rg : about["rg_evolution"]["rg"]) rg = rg.get<double>() * (1 + 0.4 * (i - 9));
        add_simulation(others.back(), about, sample_particles());
    }
    const auto height = [](const Outcome& made) {
        const std::string& svg = made.artifacts[0].bytes;
        return std::stod(svg.substr(svg.find("height=\"") + 8));
    };
    const double one = height(plot({{"source", "simulation-1"}, {"format", "svg"}}));
    const double seven = height(plot({{"source", "simulation-1"}, {"overlay", others}, {"format", "svg"}}));
    EXPECT_NEAR(one, 6.8 * 72 / 2.54, 0.1);
    EXPECT_GT(seven, one + 10);
}

TEST_F(Plots, TheBoxCountingOfASimulationIsItsNewestOne) {
    EXPECT_EQ(
        refusal("generate_plot", {{"source", "simulation-1"}, {"plot", "box_counting"}}),
        "simulation-1 has no box counting yet that could be plotted; run run_box_counting on it first.");
    const auto failed = plugin_.run("generate_plot", {{"source", "simulation-1"}, {"plot", "box_counting"}});
    EXPECT_EQ(failed.details.at("run_first"),
              (Json{{"tool", "run_box_counting"}, {"arguments", {{"simulation", "simulation-1"}}}}));
    for (const char* handle : {"analysis-11", "analysis-12"}) {
        FoundArtifact about;
        about.handle = handle;
        about.kind = "analysis";
        about.tool = "run_box_counting";
        about.parents = {"simulation-1"};
        plugin_.add_artifact(about, sample_box_counting().dump());
    }
    const Outcome outcome = plot({{"source", "simulation-1"}, {"plot", "box_counting"}});
    EXPECT_EQ(outcome.data.at("source"), "analysis-12");
}

// What "plot it" means after any of the analyses, and after a comparison.
TEST_F(Plots, WhatHasNoPlotOfItsOwnIsPlottedAsWhatItIsOf) {
    plugin_.add_artifact("analysis-8", "analysis",
                         Json{{"analysis", "fraktal"},
                              {"simulation", "simulation-1"},
                              {"df", 1.8},
                              {"subject", sample_metadata()}}
                             .dump());
    EXPECT_EQ(plot({{"source", "analysis-8"}}).data.at("plot"), "rg_vs_n");
    const auto add = [&](const char* handle, const char* kind, const Json& document) {
        FoundArtifact about;
        about.handle = handle;
        about.kind = kind;
        plugin_.add_artifact(about, document.dump());
    };
    add("study-7", "study", sample_study(5));
    plugin_.add_artifact("analysis-9", "analysis", R"({"analysis": "parametric_study", "study": "study-7"})");
    const Outcome of_study = plot({{"source", "analysis-9"}});
    EXPECT_EQ(of_study.data.at("plot"), "df_distribution");
    EXPECT_EQ(of_study.data.at("source"), "study-7");
    Json compared = Json::array();
    for (const char* handle : {"simulation-61", "simulation-62"}) {
        FoundArtifact about;
        about.handle = handle;
        about.kind = "simulation";
        about.metadata = sample_metadata();
        plugin_.add_artifact(about, particle_file(sample_particles()));
        compared.push_back({{"simulation", handle}, {"algorithm", "dla"}, {"values", {{"df", 2.5}}}});
    }
    plugin_.add_artifact("comparison-1", "comparison",
                         Json{{"simulations", compared}, {"metrics", Json::object()}}.dump());
    const Outcome of_comparison = plot({{"source", "comparison-1"}});
    EXPECT_EQ(of_comparison.data.at("plot"), "rg_vs_n");
    EXPECT_EQ(of_comparison.data.at("overlaid"), Json({"simulation-61", "simulation-62"}));
}

TEST_F(Plots, SayWhatCannotBeDrawn) {
    const auto sentence = [&](const Json& arguments) { return refusal("generate_plot", arguments); };
    EXPECT_EQ(sentence({{"source", "analysis-1"}, {"overlay", {"simulation-1"}}}),
              "Only simulations can be drawn into the same axes; analysis-1 is of kind analysis.");
    EXPECT_EQ(
        sentence({{"source", "simulation-1"}, {"plot", "coordination"}}),
        "simulation-1 reports no coordination numbers (a histogram of contacts), so there is nothing to "
        "plot.");
    EXPECT_EQ(sentence({{"source", "simulation-1"}, {"plot", "pair_correlation"}}),
              "simulation-1 reports no pair correlation, so there is nothing to plot.");
    EXPECT_EQ(sentence({{"source", "simulation-1"}, {"plot", "df_distribution"}}),
              "A distribution needs the fractal dimensions of at least 3 clusters; there is 1; name further "
              "simulations in overlay, or plot a study.");
    EXPECT_EQ(sentence({{"source", "simulation-2"}, {"plot", "df_distribution"}}),
              "simulation-2 reports no fractal dimension (df), so there is none to plot.");
    EXPECT_EQ(sentence({{"source", "study-1"}, {"plot", "pair_correlation"}}),
              "A study's table holds no such curves; plot rg_vs_n, df_vs_n or df_distribution of it, or this "
              "plot of one of its simulations.");
    EXPECT_EQ(sentence({{"source", "study-1"}, {"plot", "box_counting"}}),
              "study-1 is a study; box countings are plotted from the analyses of its simulations. Run "
              "run_box_counting on one of them, then plot the analysis.");
    EXPECT_EQ(sentence({{"source", "analysis-2"}, {"plot", "df_vs_n"}}),
              "analysis-2 does not say which growth it analysed; plot the simulation instead.");

    Json many = Json::array();
    for (int i = 10; i < 18; ++i) {
        many.push_back("simulation-" + std::to_string(i));
        add_simulation(many.back(), sample_metadata(), sample_particles());
    }
    EXPECT_EQ(sentence({{"source", "simulation-1"}, {"overlay", many}}),
              "At most 7 curves can be told apart in one plot; these are 9.");

    plugin_.add_artifact("study-2", "study", R"({"runs": []})");
    EXPECT_EQ(sentence({{"source", "study-2"}}), "study-2 is not a study's table that can be read.");
    plugin_.add_artifact("study-3", "study", R"({"study": {}, "runs": [{"run": 1, "status": "waiting"}]})");
    EXPECT_EQ(sentence({{"source", "study-3"}}),
              "No run of the study study-3 has completed, so it has no results.");
    Json one_size = sample_study(4);
    for (Json& run : one_size["runs"]) run["parameters"]["n_particles"] = 64;
    plugin_.add_artifact("study-4", "study", one_size.dump());
    EXPECT_EQ(sentence({{"source", "study-4"}, {"plot", "rg_vs_n"}}),
              "The runs of study-4 have the same number of particles. Of one of its simulations Rg can be "
              "plotted as it grew: “plot Rg against N of simulation-212”.");
    EXPECT_EQ(sentence({{"source", "study-4"}, {"plot", "df_vs_n"}}),
              "All runs of study-4 have the same number of particles; df_distribution shows their Df.");
}

}  // namespace
}  // namespace assistd::exporting
