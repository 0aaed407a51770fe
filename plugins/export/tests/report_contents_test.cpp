// What reports say, read from the text of quick summaries and of LaTeX.

#include <map>
#include <sstream>

#include "report_text.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

Json study_with_fixed_parameters() {
    Json study = sample_study(4);
    study["study"]["base_parameters"] = {{"dimensions", 3}, {"n_particles", 1000}, {"particle_radius", 20}};
    study["study"]["parameter_grid"] = {{"sticking_probability", {0.5, 1}}};
    int number = 0;
    for (Json& run : study["runs"]) {
        run["parameters"] = {{"sticking_probability", number % 2 == 0 ? 1.0 : 0.5}, {"seed", 700 + number}};
        ++number;
    }
    return study;
}

TEST_F(ReportContents, AStudyTellsAllThatItsRunsShare) {
    plugin_.add_artifact("study-2", "study", study_with_fixed_parameters().dump());
    const std::string text = latex({"study-2"});
    expect_in(text, {"dimensions 3, n particles 1000, particle radius 20",
                     "smallest seed of the completed runs is 700", "does not say by which version",
                     "Cluster-cluster aggregation (cca)", "radius of gyration is mass-weighted",
                     "@article{meakin1983"});
}

TEST_F(ReportContents, AStudyTakesDefaultsAndVersionFromItsSimulations) {
    Json about = sample_metadata();
    about.update({{"algorithm", "cca"}, {"version", "1.4.2"}});
    about["parameters"] = {
        {"n_particles", 1000}, {"sintering", 0.9}, {"sticking_probability", 1}, {"seed", 700}};
    add_simulation("simulation-201", about, sample_particles());
    plugin_.add_artifact("study-2", "study", study_with_fixed_parameters().dump());
    const std::string text = latex({"study-2"});
    expect_in(text, {"defaults for the others are: sintering 0.9.", "made by version 1.4.2"});
}

Json comparison_of_three() {
    Json simulations = Json::array();
    for (int i = 0; i < 3; ++i)
        simulations.push_back(
            {{"simulation", "simulation-" + std::to_string(71 + i)},
             {"name", ""},
             {"algorithm", "eden"},
             {"values", {{"n_particles", 5000 + i}, {"df", 2.9 + 0.1 * i}, {"rg", 16.5 + i}}}});
    return {{"simulations", simulations},
            {"metrics", {{"df", {{"count", 3}, {"min", 2.9}, {"max", 3.1}, {"mean", 3.0}, {"std", 0.1}}}}},
            {"correlations",
             {{{"metrics", {"df", "rg"}}, {"coefficient", -0.987}, {"simulations", 3}, {"p_value", 0.0123}},
              {{"metrics", {"df", "kf"}}, {"coefficient", 0.123}, {"simulations", 3}, {"p_value", 0.92}}}},
            {"notes", Json::array()}};
}

TEST_F(ReportContents, AComparisonNamesWhatWasCompared) {
    plugin_.add_artifact("comparison-1", "comparison", comparison_of_three().dump());
    const std::string text = latex({"comparison-1"});
    expect_in(text, {"simulation-71", "simulation-73", "eden", "5001", "3.100", "18.50", "0.99", "0.012",
                     "the 1 of 2 pairs", "Correlation"});
    expect_not_in(text, {"hold nothing that could be compared"});
    expect_not_in(text, {"0.123", "0.12 "});
    expect_in(summary({"comparison-1"}), {"simulation-72", "3 simulations and 1 comparison", "\u22120.99"});
}

// Two kinds, one of which has clusters of two sizes.
Json comparison_of_kinds() {
    const auto measured = [](int count, double least, double most, const Json& mean, const Json& deviation) {
        return Json{{"count", count}, {"min", least}, {"max", most}, {"mean", mean}, {"std", deviation}};
    };
    Json comparison = comparison_of_three();
    comparison["metrics"]["df"].update({{"mean", nullptr}, {"std", nullptr}});
    comparison["kinds"] = {
        {{"kind", "3-D CCA, sticking probability 1"},
         {"simulations", {"simulation-71", "simulation-72"}},
         {"metrics",
          {{"df", measured(2, 1.71, 1.83, 1.77, 0.085)},
           {"rg", measured(2, 10.25, 40.5, nullptr, nullptr)},
           {"n_particles", measured(2, 100, 1000, 550, 636)}}}},
        {{"kind", "3-D eden"},
         {"simulations", {"simulation-73"}},
         {"metrics",
          {{"df", measured(1, 2.93, 2.93, 2.93, nullptr)}, {"rg", measured(1, 9.5, 9.5, 9.5, nullptr)}}}}};
    return comparison;
}

TEST_F(ReportContents, KindsHaveTheirOwnMeans) {
    plugin_.add_artifact("comparison-1", "comparison", comparison_of_kinds().dump());
    const std::initializer_list<const char*> rows{
        "3-D CCA, sticking probability 1 & 2 & $100$ to $1000$ & $1.770 \\pm 0.085$ & $10.25$ to $40.50$",
        "3-D eden & 1 & -- & $2.930$ & $9.500$"};
    const std::string text = latex({"comparison-1"});
    expect_in(text, rows);
    expect_in(text, {"no means over all of them", "holds those of each kind"});
    expect_in(summary({"comparison-1"}), {"3-D CCA, sticking probability 1", "1.770 \u00b1 0.085"});
    const testing::Outcome table =
        call("export_latex_table", {{"sources", {"comparison-1"}}, {"inline", true}});
    EXPECT_EQ(table.data.at("table"), "kinds");
    EXPECT_EQ(table.data.at("rows"), 2);
    expect_in(table.artifacts.at(0).bytes, rows);
    // Of one kind the table has the means of all.
    plugin_.add_artifact("comparison-2", "comparison", comparison_of_three().dump());
    expect_in(call("export_latex_table", {{"sources", {"comparison-2"}}}).artifacts.at(0).bytes,
              {"Mean $\\pm$ std"});
}

TEST_F(ReportContents, ACorrelationHasNoUnits) {
    Json comparison = comparison_of_three();
    comparison["correlations"][0]["metrics"] = {"asphericity", "rg"};
    comparison["kinds"] = Json::array();
    comparison["metrics"]["df"].update({{"mean", nullptr}, {"std", nullptr}});
    plugin_.add_artifact("comparison-1", "comparison", comparison.dump());
    const std::string text = latex({"comparison-1"});
    expect_in(text, {"asphericity", "no means over all of them"});
    expect_not_in(text, {"asphericity ("});
}

TEST_F(ReportContents, SettingsHaveAsManyDigitsAsTheyNeed) {
    Json about = sample_metadata();
    about["algorithm"] = "cca";
    about["parameters"] = {{"box_size", 108.70283546109417}, {"sticking_probability", 0.00125}};
    add_simulation("simulation-77", about, sample_particles());
    expect_in(latex({"simulation-77"}), {"box size 108.7 a", "sticking probability 0.00125"});
}

TEST_F(ReportContents, AComparisonBringsItsSimulationsAlong) {
    Json about = sample_metadata();
    about.update({{"algorithm", "eden"}, {"df", 2.95}, {"df_stderr", 0.021}, {"parameters", {{"seed", 1}}}});
    for (const char* handle : {"simulation-71", "simulation-72", "simulation-73"})
        add_simulation(handle, about, sample_particles());
    plugin_.add_artifact("comparison-1", "comparison", comparison_of_three().dump());
    expect_in(latex({"comparison-1"}), {"2.950 \\pm 0.021", "of Eden growth in three dimensions"});
}

TEST_F(ReportContents, EdenGrowthIsTold) {
    Json about = sample_metadata();
    about["algorithm"] = "eden";
    add_simulation("simulation-8", about, sample_particles());
    expect_in(latex({"simulation-8"}), {"every sphere that still has room tries once", "Richardson"});
}

TEST_F(ReportContents, TheMeanRadiusIsTheOneThatIsUsed) {
    expect_in(latex({"simulation-1"}),
              {"geometric mean of lognormal ones and the middle of the range of uniform"});
}

TEST_F(ReportContents, TunableClustersShowHowWellTheyKeepToTheTarget) {
    Json about = sample_metadata();
    about.update({{"algorithm", "tunable"},
                  {"target_rg", 17.64},
                  {"rg_error_percent", 0.0567},
                  {"residual_overlap", 0.00123},
                  {"overlapping_pairs", 7}});
    about["parameters"] = {{"target_df", 2.5}, {"target_kf", 1.3}};
    add_simulation("simulation-8", about, sample_particles());
    expect_in(summary({"simulation-8"}), {"8.820", "0.05670", "0.001230"});
    const std::string text = latex({"simulation-8"});
    expect_in(text, {"8.820", "0.05670", "says nothing about the literature"});
    expect_not_in(text, {"agrees"});
    const Outcome table = call("export_simulation_csv", {{"simulation", "simulation-8"}, {"inline", true}});
    ASSERT_TRUE(table.ok()) << table.message;
    expect_in(table.data.dump(),
              {"rg_error_percent [%]", "residual_overlap [a]", "overlapping_pairs", "target_rg ["});
}

TEST_F(ReportContents, BallisticGrowthIsCompactOnceItIsLarge) {
    Json about = sample_metadata();
    about["algorithm"] = "ballistic";
    about["df"] = 2.94;
    about["parameters"] = Json::object();
    for (const int particles : {256, 3000, 30000}) {
        about["n_particles"] = particles;
        const std::string handle = "simulation-" + std::to_string(particles);
        add_simulation(handle, about, sample_particles());
        const std::string text = latex({handle});
        if (particles == 256) expect_in(text, {"2.73", "of 256 particles"});
        if (particles == 3000) expect_in(text, {"of clusters of at least 10000 particles, so no verdict"});
        if (particles == 30000) expect_in(text, {"This agrees", "Causality bound"});
    }
}

// What made clusters of a kind of the table of scatter in plugins/simulation/README.md.
Json made_as(const std::string& kind) {
    const std::map<std::string, std::pair<std::string, Json>> algorithms{
        {"DLA", {"dla", {{"sticking_probability", 1}}}},
        {"DLCA", {"cca", {{"sticking_probability", 1}}}},
        {"RLCA", {"cca", {{"sticking_probability", 0.001}}}},
        {"ballistic particle-cluster", {"ballistic", Json::object()}},
        {"ballistic cluster-cluster", {"ballistic_cc", Json::object()}},
        {"Eden", {"eden", {{"growth_probability", 1}}}}};
    const auto comma = kind.find(", ");
    const auto& [algorithm, parameters] = algorithms.at(kind.substr(0, comma));
    return {{"algorithm", algorithm},
            {"parameters", parameters},
            {"dimensions", kind.substr(comma + 2) == "2-D" ? 2 : 3}};
}

// The reports' numbers are those that the simulation plugin's program measured and wrote down.
TEST_F(ReportContents, TheScatterIsTheOneThatWasMeasured) {
    std::ifstream page(TESTS_FOLDER "/../../simulation/README.md");
    std::string line;
    while (std::getline(page, line) && line != "<!-- scatter: begin -->") continue;
    int rows = 0;
    std::string before;
    while (std::getline(page, line) && line != "<!-- scatter: end -->") {
        std::istringstream cells(line);
        std::string cell, kind, n, mean, spread;
        std::getline(cells, cell, '|');
        for (std::string* each : {&kind, &n, &cell, &mean, &spread}) std::getline(cells, *each, '|');
        if (n.find_first_of("0123456789") == std::string::npos) continue;
        Json about = made_as(kind.substr(1, kind.size() - 2));
        about.update({{"df", 1.0}, {"n_particles", std::stoi(n)}});
        const std::string handle = "simulation-" + std::to_string(100 + ++rows);
        add_simulation(handle, about, sample_particles());
        char differ[64];
        std::snprintf(differ, sizeof differ, "differ by %.2f (standard deviation)", std::stod(spread));
        const std::string text = latex({handle});
        expect_in(text, {differ});
        const bool no_verdict = text.find("no verdict is given") != std::string::npos;
        EXPECT_NE(text.find("deviates by more than the scatter explains") != std::string::npos, no_verdict)
            << line;
        std::snprintf(differ, sizeof differ, "have a mean of %.2f", std::stod(mean));
        if (no_verdict) expect_in(text, {differ});
    }
    EXPECT_GT(rows, 40);
}

TEST_F(ReportContents, AVerdictAllowsForWhatClustersOfThatKindAndSizeDiffer) {
    int number = 100;
    const auto text_of = [&](const char* kind, int particles, double df, Json parameters = Json::object()) {
        Json about = made_as(kind);
        about.update({{"df", df}, {"df_stderr", 0.01}, {"n_particles", particles}});
        about["parameters"].update(parameters);
        const std::string handle = "simulation-" + std::to_string(++number);
        add_simulation(handle, about, sample_particles());
        return latex({handle});
    };
    // 1.6 of the 0.16 by which RLCA clusters of 300 differ, and the 0.10 of the value itself.
    expect_in(text_of("RLCA, 3-D", 300, 1.83), {"0.27 below", "This agrees within the scatter", "0.16"});
    expect_in(text_of("RLCA, 3-D", 300, 1.60), {"This deviates by more than the scatter explains"});
    expect_in(text_of("DLA, 2-D", 100, 1.95), {"This agrees within the scatter"});
    expect_in(text_of("DLA, 2-D", 100'000, 1.85), {"This deviates by more than the scatter explains"});
    // Between 300 and 1,000 the scatter is between theirs: 0.111 and 0.079.
    expect_in(text_of("DLA, 2-D", 550, 1.80), {"differ by 0.09"});
    expect_in(text_of("Eden, 3-D", 3000, 3.40),
              {"at least 100000 particles, so no verdict is given", "a mean of 3.42 and differ by 0.14"});
    // Nothing was measured of so small ones, nor of another growth probability.
    expect_in(text_of("DLA, 2-D", 50, 1.9), {"no verdict is given"});
    expect_in(text_of("Eden, 2-D", 20'000, 2.5, {{"growth_probability", 0.1}}),
              {"was not measured, so no verdict is given"});
}

// A study's table has numbers only; its simulations know of what they warned.
TEST_F(ReportContents, AStudyTellsTheWarningsOfItsRuns) {
    Json study = sample_study(5);
    for (int run : {0, 1}) study["runs"][run]["metrics"]["r_squared"] = 0.91;
    study["runs"][2]["metrics"]["r_squared"] = 0.99;
    plugin_.add_artifact("study-2", "study", study.dump());
    FoundArtifact made;
    made.handle = "simulation-201";
    made.kind = "simulation";
    made.metadata = {{"warnings", {"The fit of Df and kf is poor: R^2 = 0.913, below 0.95.", "Beware."}}};
    plugin_.add_artifact(made, "");
    const std::string warning =
        "2 of 15 runs warn, as simulation-201 does: The fit of Df and kf is poor: R^2 = 0.913, below 0.95.";
    expect_in(summary({"study-2"}),
              {"carry 3 warnings", warning.c_str(), "1 of 15 runs warns, as simulation-201 does: Beware."});
    const Outcome table = call("export_study_csv", {{"study", "study-2"}, {"inline", true}});
    ASSERT_TRUE(table.ok()) << table.message;
    expect_in(table.data.dump(),
              {",warnings,", "R^2 = 0.913, below 0.95. Beware.", "R^2 = 0.910, below 0.95."});
}

TEST_F(ReportContents, NoVerdictWhereTheValueIsOfOtherClusters) {
    Json about = sample_metadata();
    about["n_particles"] = 3000;
    about["parameters"] = {{"sticking_probability", 1}};
    add_simulation("simulation-8", about, sample_particles());
    const std::string small = latex({"simulation-8"});
    expect_in(small, {"of clusters of at least 10000 particles, so no verdict is given"});
    expect_not_in(small, {"This agrees"});
    about["n_particles"] = 30000;
    about["parameters"]["sigma_g"] = 1.5;
    add_simulation("simulation-9", about, sample_particles());
    const std::string unequal = latex({"simulation-9"});
    expect_in(unequal, {"of equal, touching spheres, which these are not"});
    expect_not_in(unequal, {"This agrees"});
    about["n_particles"] = 256;
    about["df"] = 2.27;
    about["parameters"] = {{"sticking_probability", 1}};
    add_simulation("simulation-10", about, sample_particles());
    expect_in(latex({"simulation-10"}), {"2.25", "of 256 particles", "This agrees"});
    about["algorithm"] = "something";
    add_simulation("simulation-11", about, sample_particles());
    expect_in(latex({"simulation-11"}), {"this report has no value for"});
}

TEST_F(ReportContents, AStudyIsComparedWithTheLiterature) {
    plugin_.add_artifact("study-2", "study", study_with_fixed_parameters().dump());
    expect_in(latex({"study-2"}), {"with sticking probability 1 is", "the expected 1.78"});
}

TEST_F(ReportContents, SaysWhichFiguresAreLeftOutOfMany) {
    Json sources = Json::array();
    for (int i = 21; i < 29; ++i) {
        sources.push_back("simulation-" + std::to_string(i));
        add_simulation(sources.back(), sample_metadata(), sample_particles());
    }
    latex(sources, true);
    expect_in(left_out_.dump(), {"no figures of growth, pair correlation and coordination"});
    plugin_.add_artifact("comparison-1", "comparison", R"({"metrics": {}})");
    latex({"comparison-1"}, true);
    expect_in(left_out_.dump(), {"no figures of a comparison"});
}

// A mean is one of clusters that differ by their seeds only.
TEST_F(ReportContents, OnlyLikeSimulationsArePooled) {
    Json about = sample_metadata();
    const auto add = [&](const char* handle, double sticking, double df, int seed) {
        about["parameters"] = {{"sticking_probability", sticking}, {"seed", seed}};
        about.update({{"df", df}, {"seed", seed}});
        add_simulation(handle, about, sample_particles());
    };
    add("simulation-31", 1, 2.48, 1);
    add("simulation-32", 1, 2.52, 2);
    add("simulation-33", 0.1, 2.70, 3);
    const std::string text = summary({"simulation-31", "simulation-32", "simulation-33"});
    expect_in(text, {"The 2 clusters of", "sticking probability 1 have a mean fractal dimension of 2.500",
                     "simulation-33", "sticking probability 0.1"});
    expect_not_in(text, {"The 3 clusters"});
    const auto plot = [&](const Json& handles) {
        const Outcome outcome = call(
            "generate_plot", {{"source", handles[0]}, {"plot", "df_distribution"}, {"overlay", handles}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.data;
    };
    const Json unlike = plot({"simulation-31", "simulation-32", "simulation-33"});
    EXPECT_FALSE(unlike.contains("mean")) << unlike;
    add("simulation-34", 1, 2.50, 4);
    const Json alike = plot({"simulation-31", "simulation-32", "simulation-34"});
    EXPECT_NEAR(alike.at("mean").get<double>(), 2.5, 1e-12);
}

TEST_F(ReportContents, AStudysCombinationsAreNotPooled) {
    plugin_.add_artifact("study-2", "study", study_with_fixed_parameters().dump());
    expect_not_in(summary({"study-2"}), {"mean fractal dimension"});
    expect_in(summary({"study-2"}),
              {"Over its combinations the mean Df runs from", "errors are those of the means."});
    Json seeds = study_with_fixed_parameters();
    seeds["study"]["parameter_grid"] = {{"seed", {700, 701, 702, 703}}};
    for (Json& run : seeds["runs"]) run["parameters"].erase("sticking_probability");
    plugin_.add_artifact("study-3", "study", seeds.dump());
    expect_in(summary({"study-3"}), {"They differ by their seeds only; their mean fractal dimension is"});
    expect_in(latex({"study-3"}), {"with the seeds [700,701,702,703]"});
}

TEST_F(ReportContents, AnalysesTellTheirSettingsAndModel) {
    plugin_.add_artifact(
        "analysis-8", "analysis",
        R"({"analysis": "fraktal", "simulation": "simulation-1", "model": "granulated_2012", "df": 1.8,
            "parameters": {"model": "granulated_2012", "axis": "x", "delta": 1.1}, "version": "1.1.0"})");
    const std::string text = latex({"analysis-8"});
    expect_in(text, {"fraktal, granulated 2012", "axis x, delta 1.1, model granulated 2012",
                     "version 1.1.0 of the analysis plugin"});
}

TEST_F(ReportContents, AReasonIsToldOnce) {
    Json about = sample_metadata();
    for (const char* key : {"rg_evolution", "pair_correlation", "coordination"}) about.erase(key);
    add_simulation("simulation-8", about, sample_particles());
    latex({"simulation-8"}, true);
    for (std::size_t i = 0; i < left_out_.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const std::string one = left_out_[i], other = left_out_[j];
            EXPECT_NE(one.substr(one.find(": ")), other.substr(other.find(": ")));
        }
}

TEST_F(ReportContents, AFraktalAnalysisHasNoPlotOfItsOwn) {
    plugin_.add_artifact("analysis-8", "analysis",
                         R"({"analysis": "fraktal", "simulation": "simulation-1"})");
    EXPECT_EQ(refusal("generate_plot", {{"source", "analysis-8"}, {"plot", "box_counting"}}),
              "analysis-8 is a FRAKTAL analysis, which has no plot of its own. Plot rg_vs_n, df_vs_n, "
              "pair_correlation or coordination of simulation-1 instead.");
}

}  // namespace
}  // namespace assistd::exporting
