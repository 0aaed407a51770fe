// Correlation and study analysis as the host sees them: results, artifacts and sentences.

#include "tool_runs.h"

#include <cmath>
#include <tuple>

namespace assistd::analysis {
namespace {

TEST_F(AnalysisTools, CorrelationStoresItsCurves) {
    const Json about{{"dimensions", 2}, {"name", "wall"}};
    add_simulation("simulation-1", block(60, 60, 1), about);
    const Outcome outcome = run("run_correlation_analysis", {{"simulation", "simulation-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_NEAR(outcome.data.at("df_sandbox").get<double>(), 2, 0.1);
    EXPECT_FALSE(outcome.progress.empty());
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].metadata.at("analysis"), "correlation");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("parameters").at("min_distance"), nullptr);
    const Json file = Json::parse(outcome.artifacts[0].bytes);
    EXPECT_EQ(file.at("subject"), about);
    for (const auto& [curve, y, fit] : {std::tuple{"pair_correlation", "g_r", "pair_correlation_fit"},
                                        {"sandbox", "mass", "sandbox_fit"}}) {
        const Json& points = file.at(curve);
        ASSERT_EQ(points.at("r").size(), points.at(y).size());
        ASSERT_EQ(points.at("r").size(), points.at("fitted").size());
        int fitted = 0;
        for (std::size_t i = 0; i < points.at("r").size(); ++i) {
            if (!points.at("fitted")[i].get<bool>()) continue;
            ++fitted;
            const double line =
                file.at(fit).at("intercept").get<double>() +
                file.at(fit).at("slope").get<double>() * std::log(points.at("r")[i].get<double>());
            EXPECT_NEAR(std::log(points.at(y)[i].get<double>()), line, 0.35) << curve;
        }
        EXPECT_EQ(fitted, file.at(fit).at("points").get<int>());
    }
}

TEST_F(AnalysisTools, CorrelationSaysWhatIsWrong) {
    add_simulation("simulation-1", block(100, 1, 1));
    add_simulation("simulation-2", block(5, 1, 1));
    EXPECT_NE(problem("run_correlation_analysis", {{"simulation", "simulation-2"}})
                  .find("Correlation analysis of simulation-2 is not possible. The geometry has 5 particles"),
              std::string::npos);
    const Outcome outcome =
        run("run_correlation_analysis", {{"simulation", "simulation-1"}, {"max_distance", 500}});
    EXPECT_EQ(outcome.details.at("errors").at(0).at("field"), "max_distance");
    plugin_.cancel_at_look(3);
    EXPECT_EQ(run("run_correlation_analysis", {{"simulation", "simulation-1"}}).status, ASSISTD_CANCELLED);
}

Json study_table() {
    Json runs = Json::array();
    int number = 0;
    for (const double sticking : {0.1, 0.5, 1.0})
        for (const int n : {100, 200})
            for (int seed = 1; seed <= 2; ++seed)
                runs.push_back({{"run", ++number},
                                {"status", "completed"},
                                {"parameters", {{"sticking", sticking}, {"n", n}, {"seed", seed}}},
                                {"metrics",
                                 {{"df", 2.5 - 0.3 * sticking + 0.01 * seed},
                                  {"rg", n / 10.0},
                                  {"coordination.mean", 1.98},
                                  {"run_box_counting.df", 2.0}}},
                                {"artifacts", Json::array()}});
    runs.back()["status"] = "failed";
    runs.back()["metrics"] = Json::object();
    return {{"study",
             {{"name", "sweep"},
              {"parameter_grid", {{"n", {100, 200}}, {"sticking", {0.1, 0.5, 1.0}}, {"one", {1}}}}}},
            {"runs", runs}};
}

// The table has no warnings, but what they are made from.
TEST_F(AnalysisTools, StudyTellsHowManyFitsArePoor) {
    Json table = study_table();
    int completed = 0;
    for (Json& run : table["runs"])
        if (run["status"] == "completed") run["metrics"]["r_squared"] = ++completed <= 3 ? 0.94 : 0.99;
    plugin_.add_artifact("study-1", "study", table.dump());
    const Outcome outcome = run("analyze_parametric_study", {{"study", "study-1"}});
    const std::string warning =
        "3 of 11 runs have poor fits (r_squared below 0.95); their Df and kf are in all of this.";
    EXPECT_NE(outcome.data.at("warnings").dump().find(warning), std::string::npos) << outcome.data;
    EXPECT_NE(outcome.summary.find(warning), std::string::npos) << outcome.summary;
}

TEST_F(AnalysisTools, StudyTellsEffectsAndTrends) {
    plugin_.add_artifact("study-1", "study", study_table().dump());
    const Outcome outcome = run("analyze_parametric_study", {{"study", "study-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.data.at("runs"), 11);
    EXPECT_EQ(outcome.data.at("metrics"), (Json{"df", "rg", "run_box_counting.df"}));
    const Json& varied = outcome.data.at("parameters_varied");
    ASSERT_EQ(varied.size(), 2u);
    EXPECT_EQ(varied[0].at("name"), "n");
    EXPECT_EQ(varied[0].at("trends").at("rg").at("trend"), "increasing");
    EXPECT_EQ(varied[0].at("trends").at("df").at("trend"), "stable");
    EXPECT_EQ(varied[1].at("trends").at("df").at("trend"), "decreasing");
    EXPECT_EQ(varied[1].at("trends").at("run_box_counting.df").at("trend"), "stable");
    const Json& first = varied[1].at("values")[0];
    EXPECT_EQ(first.at("value"), 0.1);
    EXPECT_EQ(first.at("runs"), 4);
    EXPECT_NEAR(first.at("metrics").at("df").at("mean").get<double>(), 2.485, 1e-12);
    EXPECT_NEAR(first.at("metrics").at("df").at("std").get<double>(), 0.005773502692, 1e-9);
    EXPECT_EQ(outcome.data.at("warnings"), Json{"1 of 12 runs did not complete and are left out."});
    EXPECT_NE(
        outcome.summary.find("Df is decreasing with sticking within each n (the fitted line changes by -"),
        std::string::npos)
        << outcome.summary;
    EXPECT_NE(outcome.summary.find(" % of the mean from sticking = 0.1 (2.485) to 1 ("), std::string::npos)
        << outcome.summary;
    EXPECT_EQ(varied[1].at("trends").at("df").at("significant"), true);
    EXPECT_GT(varied[1].at("trends").at("df").at("sigma"), 20);
    EXPECT_EQ(varied[1].at("trends").at("df").at("within"), Json{"n"});
    EXPECT_EQ(varied[1].at("trends").at("df").at("blocks"), 2);
    // Rg is the same at each value of sticking of one n.
    EXPECT_EQ(varied[1].at("trends").at("rg").at("significant"), false);
    EXPECT_NE(outcome.summary.find("Rg is stable with sticking within each n ("), std::string::npos)
        << outcome.summary;
    EXPECT_EQ(outcome.data.at("overall"), nullptr);
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].metadata.at("analysis"), "parametric_study");
    // For reports; the warnings stand beside it.
    EXPECT_TRUE(outcome.summary.starts_with(outcome.artifacts[0].metadata.at("summary").get<std::string>()));
    EXPECT_EQ(Json::parse(outcome.artifacts[0].bytes).at("parameters_varied"), varied);

    const Outcome other =
        run("analyze_parametric_study", {{"study", "study-1"}, {"metrics", {"coordination.mean"}}});
    EXPECT_EQ(other.data.at("metrics"), Json{"coordination.mean"});
}

TEST_F(AnalysisTools, AStudyOfSeedsGetsItsMean) {
    Json table{{"study", {{"name", "seeds"}, {"parameter_grid", {{"seed", {1, 2, 3, 4}}}}}},
               {"runs", Json::array()}};
    for (int seed = 1; seed <= 4; ++seed)
        table["runs"].push_back({{"run", seed},
                                 {"status", "completed"},
                                 {"parameters", {{"n", 100}, {"seed", seed}}},
                                 {"metrics", {{"df", 2.4 + 0.02 * seed}, {"rg", nullptr}}}});
    plugin_.add_artifact("study-1", "study", table.dump());
    for (const Json& grid : {Json{{"seed", {1, 2, 3, 4}}}, Json{{"n", {100}}}, Json::object(), Json()}) {
        table["study"]["parameter_grid"] = grid;
        plugin_.add_artifact("study-1", "study", table.dump());
        const Outcome outcome = run("analyze_parametric_study", {{"study", "study-1"}});
        ASSERT_TRUE(outcome.ok()) << outcome.message;
        EXPECT_EQ(outcome.data.at("parameters_varied"), Json::array());
        const Json& df = outcome.data.at("overall").at("df");
        EXPECT_EQ(df.at("count"), 4);
        EXPECT_NEAR(df.at("mean").get<double>(), 2.45, 1e-12);
        EXPECT_NEAR(df.at("std").get<double>(), 0.0258198890, 1e-9);
        EXPECT_NEAR(df.at("standard_error").get<double>(), 0.0129099445, 1e-9);
        EXPECT_EQ(df.at("max"), 2.48);
        EXPECT_NE(outcome.summary.find("differ by their seeds only; Df = 2.450 ± 0.013 (standard error; "),
                  std::string::npos)
            << outcome.summary;
    }
}

TEST_F(AnalysisTools, AStudyOverSizesTellsThePowerOfNInItsUnit) {
    Json table{{"study",
                {{"name", "sizes"},
                 {"tool", "run_tunable_simulation"},
                 {"base_parameters", {{"target_df", 1.8}}},
                 {"parameter_grid", {{"n_particles", {50, 500, 5000}}}}}},
               {"runs", Json::array()}};
    const std::vector<std::pair<int, double>> sizes{{50, 7.6}, {500, 27.3}, {5000, 98.1}};
    for (const auto& [n, rg] : sizes)
        table["runs"].push_back({{"run", 1},
                                 {"status", "completed"},
                                 {"parameters", {{"n_particles", n}}},
                                 {"metrics", {{"rg", rg}}}});
    int studies = 0;
    const auto analysed = [&] {
        const std::string handle = "study-" + std::to_string(++studies);
        plugin_.add_artifact(handle, "study", table.dump());
        const Outcome outcome = run("analyze_parametric_study", {{"study", handle}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome;
    };
    EXPECT_EQ(analysed().data.at("length_unit"), "a");
    EXPECT_NE(analysed().summary.find("Rg is increasing with n_particles (it goes as n_particles^(0.555"),
              std::string::npos)
        << analysed().summary;
    EXPECT_NE(analysed().summary.find("from n_particles = 50 (7.600 a) to 5000 (98.10 a)"), std::string::npos)
        << analysed().summary;
    table["study"]["base_parameters"]["length_unit"] = "nm";
    EXPECT_NE(analysed().summary.find("(98.10 nm)"), std::string::npos) << analysed().summary;
    for (Json& each : table["runs"]) each["metrics"]["asphericity"] = 12.5;
    plugin_.add_artifact("study-90", "study", table.dump());
    const std::string areas =
        run("analyze_parametric_study", {{"study", "study-90"}, {"metrics", {"asphericity"}}}).summary;
    EXPECT_NE(areas.find("(12.50 nm²)"), std::string::npos) << areas;
    // One that differs has no unit of its own.
    table["runs"][0]["parameters"]["length_unit"] = "um";
    EXPECT_EQ(analysed().data.at("length_unit"), nullptr);
    table["study"]["base_parameters"] = {{"particle_radius", 2}};
    table["runs"][0]["parameters"].erase("length_unit");
    EXPECT_EQ(analysed().data.at("length_unit"), nullptr);
}

TEST_F(AnalysisTools, StudySaysWhatIsWrong) {
    plugin_.add_artifact("study-1", "study", study_table().dump());
    plugin_.add_artifact("study-2", "study", "{\"study\": ");
    plugin_.add_artifact("study-3", "study", "[1, 2]");
    Json none = study_table();
    for (Json& run : none["runs"]) run["status"] = "failed";
    plugin_.add_artifact("study-4", "study", none.dump());
    Json bare = study_table();
    bare["runs"][0]["parameters"] = 7;
    plugin_.add_artifact("study-6", "study", bare.dump());
    const auto why = [this](const char* study, const Json& more = Json::object()) {
        Json arguments{{"study", study}};
        arguments.update(more);
        return problem("analyze_parametric_study", arguments);
    };
    EXPECT_EQ(why("study-1", {{"metrics", {"colour"}}}),
              "No run reports \"colour\". They report: coordination.mean, df, rg, run_box_counting.df.");
    EXPECT_NE(why("study-2").find("is no table of a parametric study: it is not JSON"), std::string::npos);
    EXPECT_NE(why("study-3").find("it has no study and runs"), std::string::npos);
    EXPECT_EQ(why("study-4"), "No run of study-4 completed, so there is nothing to analyze.");
    EXPECT_NE(why("study-6").find("a run has no parameters"), std::string::npos);
}

}  // namespace
}  // namespace assistd::analysis
