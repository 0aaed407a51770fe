// Plots of clusters of several kinds (clusters/kinds.h) keep them apart.

#include <array>
#include <cstdio>
#include <fstream>

#include "export_plugin.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

class PlotsOfKinds : public ExportPlugin {
  protected:
    // A CCA of its own seed; returns its handle.
    std::string add_cca(double sticking, double df, int n_particles = 300) {
        Json about = sample_metadata();
        about["algorithm"] = "cca";
        about["parameters"] = {{"sticking_probability", sticking}};
        about["seed"] = ++seed_;
        about["df"] = df;
        about["n_particles"] = n_particles;
        const std::string handle = "simulation-" + std::to_string(100 + seed_);
        add_simulation(handle, about, sample_particles());
        return handle;
    }
    Outcome plot(const Json& simulations, const char* kind) {
        const Outcome outcome = call(
            "generate_plot",
            {{"source", simulations.front()}, {"overlay", simulations}, {"plot", kind}, {"format", "svg"}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome;
    }
    // The words of the page, as poppler reads them; what is beside the page it leaves out.
    std::string printed(Json arguments) {
        arguments["format"] = "pdf";
        const Outcome made = call("generate_plot", arguments);
        EXPECT_TRUE(made.ok()) << made.message;
        if (!made.ok()) return "";
        std::ofstream(folder_ + "/plot.pdf") << made.artifacts.at(0).bytes;
        std::string text;
        std::FILE* pipe = ::popen(("pdftotext -layout " + folder_ + "/plot.pdf -").c_str(), "r");
        std::array<char, 4096> part{};
        while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
            text.append(part.data(), size);
        EXPECT_EQ(::pclose(pipe), 0);
        return text;
    }
    // As many runs of each of two sticking probabilities as seeds, at each of the sizes.
    Outcome plot_study(const std::vector<int>& sizes, const char* kind) {
        Json study = sample_study(0);
        study["study"].update(
            {{"tool", "run_cca_simulation"},
             {"base_parameters", Json::object()},
             {"parameter_grid", {{"sticking_probability", {1, 0.01}}, {"n_particles", sizes}}}});
        study["runs"] = Json::array();
        for (const double sticking : {1.0, 0.01})
            for (const int n : sizes)
                for (int seed = 1; seed < 4; ++seed)
                    study["runs"].push_back(
                        {{"run", study["runs"].size() + 1},
                         {"status", "completed"},
                         {"parameters",
                          {{"sticking_probability", sticking}, {"n_particles", n}, {"seed", seed}}},
                         {"metrics", {{"df", (sticking == 1 ? 1.78 : 2.1) + 0.01 * seed}}},
                         {"artifacts", Json::array()}});
        plugin_.add_artifact("study-30", "study", study.dump());
        const Outcome outcome =
            call("generate_plot", {{"source", "study-30"}, {"plot", kind}, {"format", "svg"}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome;
    }

    static constexpr const char* blue_ink = "rgb(0%,44.7";
    static constexpr const char* vermilion_ink = "rgb(83.5";
    int seed_ = 0;
};

TEST_F(PlotsOfKinds, ADistributionHasBarsAndAMeanOfEach) {
    Json all = Json::array();
    for (const double df : {1.76, 1.78, 1.80}) all.push_back(add_cca(1, df));
    for (const double df : {2.08, 2.12}) all.push_back(add_cca(0.01, df));
    const Outcome outcome = plot(all, "df_distribution");
    EXPECT_FALSE(outcome.data.contains("mean")) << "of which?";
    const Json& kinds = outcome.data.at("kinds");
    ASSERT_EQ(kinds.size(), 2u);
    EXPECT_EQ(kinds[0].at("kind"), "3-D CCA, sticking probability 1");
    EXPECT_EQ(kinds[0].at("count"), 3);
    EXPECT_NEAR(kinds[0].at("mean").get<double>(), 1.78, 1e-12);
    EXPECT_NEAR(kinds[1].at("mean_error").get<double>(), 0.02, 1e-12);
    EXPECT_NE(
        outcome.summary.find(
            "They are of different kinds, so there is no mean over all of them. Mean \u00b1 standard error "
            "of each kind: 3-D CCA, sticking probability 1: 1.780 \u00b1 0.012 (n = 3); 3-D CCA, sticking "
            "probability 0.01: 2.100 \u00b1 0.020 (n = 2)."),
        std::string::npos)
        << outcome.summary;
    // Bins as wide as both kinds together scatter would hold a kind each.
    EXPECT_LT(outcome.data.at("bin_width").get<double>(), 0.05);
    for (const char* ink : {blue_ink, vermilion_ink})
        EXPECT_NE(outcome.artifacts.at(0).bytes.find(ink), std::string::npos) << ink;
}

TEST_F(PlotsOfKinds, OneKindStaysOneHistogramWithItsMean) {
    Json all = Json::array();
    for (const double df : {1.76, 1.78, 1.80}) all.push_back(add_cca(1, df));
    const Outcome outcome = plot(all, "df_distribution");
    EXPECT_NEAR(outcome.data.at("mean").get<double>(), 1.78, 1e-12);
    EXPECT_FALSE(outcome.data.contains("kinds"));
    EXPECT_EQ(outcome.summary.find("kinds"), std::string::npos);
}

TEST_F(PlotsOfKinds, MoreThanCanBeToldApartSaySo) {
    Json all = Json::array();
    for (int i = 1; i < 9; ++i) all.push_back(add_cca(0.1 * i, 1.8 + 0.02 * i, 100 * i));
    for (const char* kind : {"df_vs_n", "df_distribution"}) {
        const Outcome outcome = plot(all, kind);
        EXPECT_EQ(outcome.data.at("points"), 8);
        EXPECT_NE(
            outcome.summary.find("They are of 8 kinds, and 7 can be told apart in one plot, so that those "
                                 "of one algorithm look alike."),
            std::string::npos)
            << outcome.summary;
        EXPECT_FALSE(outcome.data.contains("mean"));
        for (const Json& together : outcome.data.value("kinds", Json::array()))
            EXPECT_FALSE(together.contains("mean"));
    }
    all.erase(0);
    const Outcome seven = plot(all, "df_vs_n");
    EXPECT_EQ(seven.data.at("kinds").size(), 7u);
    EXPECT_EQ(seven.summary.find("look alike"), std::string::npos);
}

TEST_F(PlotsOfKinds, RunsOfAStudyStandApartToo) {
    const Outcome sizes = plot_study({100, 200, 400}, "df_vs_n");
    EXPECT_EQ(sizes.data.at("points"), 18);
    EXPECT_EQ(sizes.data.at("sizes"), 3);
    ASSERT_EQ(sizes.data.at("kinds").size(), 2u);
    EXPECT_NEAR(sizes.data.at("kinds")[1].at("mean").get<double>(), 2.12, 1e-12);
    for (const char* ink : {blue_ink, vermilion_ink})
        EXPECT_NE(sizes.artifacts.at(0).bytes.find(ink), std::string::npos) << ink;
    const Outcome spread = plot_study({100}, "df_distribution");
    EXPECT_FALSE(spread.data.contains("mean"));
    EXPECT_EQ(spread.data.at("kinds")[0].at("kind"), "3-D CCA, sticking probability 1");
}

TEST_F(PlotsOfKinds, WhatIsNotOneKindAndSizeSaysWhatItsMeansAreOf) {
    Json all{add_cca(1, 1.76, 100), add_cca(1, 1.78, 200), add_cca(1, 1.8, 400)};
    EXPECT_NE(plot(all, "df_distribution")
                  .summary.find("They differ by more than their seeds, so that no mean of all is shown."),
              std::string::npos);
    plot_study({100, 200}, "df_vs_n");
    const Outcome outcome =
        call("generate_plot", {{"source", "study-30"}, {"parameter", "sticking_probability"}});
    EXPECT_NE(
        outcome.summary.find("The mean at each value is over runs that differ by more than their seeds: "
                             "study-30 varies "),
        std::string::npos)
        << outcome.summary;
}

// What the tool makes when no method is named.
TEST_F(PlotsOfKinds, TunableRunsOfAStudyAreOfTheUsualMethod) {
    Json study = sample_study(0);
    study["study"].update({{"tool", "run_tunable_simulation"}, {"base_parameters", Json::object()}});
    study["runs"] = Json::array();
    for (const double target : {1.6, 1.6, 1.9, 1.9})
        study["runs"].push_back({{"run", study["runs"].size() + 1},
                                 {"status", "completed"},
                                 {"parameters", {{"target_df", target}, {"n_particles", 100}}},
                                 {"metrics", {{"df", target}}},
                                 {"artifacts", Json::array()}});
    plugin_.add_artifact("study-31", "study", study.dump());
    const Outcome outcome = call("generate_plot", {{"source", "study-31"}, {"plot", "df_distribution"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.data.at("kinds")[0].at("kind"), "3-D tunable cc, target Df 1.6");
}

// Kinds of several targets have names as long as the plot is wide.
TEST_F(PlotsOfKinds, LegendsAreAllOnThePage) {
    Json all = Json::array();
    const auto add = [&](double df, double kf, const Json& sigma) {
        Json about = sample_metadata();
        about["algorithm"] = "tunable";
        about["parameters"] = {{"target_df", df}, {"target_kf", kf}, {"method", "cc"}};
        if (!sigma.is_null()) about["parameters"]["sigma_g"] = sigma;
        about["seed"] = ++seed_;
        about["df"] = df + 0.01 * seed_;
        about["n_particles"] = 100 + 40 * seed_;
        all.push_back("simulation-" + std::to_string(100 + seed_));
        add_simulation(all.back(), about, sample_particles());
    };
    for (int i = 0; i < 3; ++i) {
        add(1.6, 1.3, nullptr);
        add(1.8, 1.3, 1.55);
        add(1.8, 1.7, 1.45);
        add(2.1, 1.3, 1.35);
    }
    for (const char* kind : {"df_vs_n", "df_distribution"}) {
        const std::string text = printed({{"source", all.front()}, {"overlay", all}, {"plot", kind}});
        for (const char* sigma : {"1.55", "1.45", "1.35"})
            EXPECT_NE(text.find(sigma), std::string::npos) << kind << "\n" << text;
        EXPECT_NE(text.find("\u03c3"), std::string::npos) << text;
        EXPECT_EQ(text.find("sigma"), std::string::npos) << text;
    }
}

TEST_F(PlotsOfKinds, DensitiesAreInThePowerOfTheirDimension) {
    const std::string solid = printed({{"source", "analysis-4"}});
    EXPECT_NE(solid.find("a3"), std::string::npos) << solid;
    Json flat = sample_correlation();
    flat["dimensions"] = 2;
    plugin_.add_artifact("analysis-40", "analysis", flat.dump());
    const std::string plane = printed({{"source", "analysis-40"}});
    EXPECT_NE(plane.find("a2"), std::string::npos) << plane;
}

TEST_F(PlotsOfKinds, OneRunAtEachValueHasNoDeviation) {
    for (const int seeds : {1, 3}) {
        const std::string study = "study-4" + std::to_string(seeds);
        plugin_.add_artifact(study, "study", sample_study(seeds).dump());
        for (const char* kind : {"df_vs_n", "df_vs_parameter", "rg_vs_n"}) {
            const std::string text = printed({{"source", study}, {"plot", kind}});
            EXPECT_EQ(text.find("one run at each value") != std::string::npos, seeds == 1) << kind << text;
            EXPECT_EQ(text.find("std") != std::string::npos, seeds > 1) << kind << text;
        }
    }
}

}  // namespace
}  // namespace assistd::exporting
