// Where a report must not judge, must name what is exact, and what it tells of a study over a parameter.

#include "report_text.h"

namespace assistd::exporting {
namespace {

// A fit to the layers of a lattice says nothing of the lattice.
TEST_F(ReportContents, ExactGeometriesHaveTheirExactValues) {
    Json about = sample_metadata();
    about.update({{"algorithm", "limiting"},
                  {"df", 3.155},
                  {"df_stderr", 0.01},
                  {"df_ideal", 3},
                  {"kf", 1.2},
                  {"kf_ideal", 1.5},
                  {"n_particles", 309}});
    about["parameters"] = {{"geometry", "sphere"}, {"configuration", "cuboctaedro"}};
    add_simulation("simulation-41", about, sample_particles());
    const std::string text = latex({"simulation-41"});
    expect_in(text, {"$3$, exact", "$1.500$, exact", "there is nothing to judge"});
    expect_not_in(text, {"3.155", "deviates", "This agrees"});
    expect_in(summary({"simulation-41"}), {"= 3, exact"});
    expect_not_in(summary({"simulation-41"}), {"3.155"});
}

TEST_F(ReportContents, WhatIsNeitherLimitNorDiluteGetsNoVerdict) {
    Json about = sample_metadata();
    const auto told = [&](const char* handle, const Json& parameters) {
        about.update({{"algorithm", "cca"}, {"n_particles", 1000}, {"df", 1.79}, {"df_stderr", 0.02}});
        about["parameters"] = parameters;
        add_simulation(handle, about, sample_particles());
        return latex({handle});
    };
    expect_in(told("simulation-42", {{"sticking_probability", 1}}), {"the expected 1.78", "This agrees"});
    const std::string crowded =
        told("simulation-43", {{"sticking_probability", 1}, {"volume_fraction", 0.05}});
    expect_in(crowded, {"grew crowded, so no verdict is given"});
    expect_not_in(crowded, {"This agrees"});
    expect_in(told("simulation-44", {{"sticking_probability", 1}, {"box_size", 60}}), {"grew crowded"});
    expect_in(told("simulation-45", {{"sticking_probability", 1}, {"box_size", 160}}), {"This agrees"});
    // Between the limits there is no value.
    expect_in(told("simulation-46", {{"sticking_probability", 0.01}}), {"has no value for this algorithm"});
    expect_in(told("simulation-47", {{"sticking_probability", 0.001}}),
              {"the expected 2.10", "Lin et al. 1990"});
}

// Compared with nothing that was looked up, a value says where it is from.
TEST_F(ReportContents, ValuesWithoutAReferenceSayWhereTheyAreFrom) {
    Json about = sample_metadata();
    about.update(
        {{"algorithm", "dla"}, {"n_particles", 20000}, {"parameters", {{"sticking_probability", 1}}}});
    add_simulation("simulation-48", about, sample_particles());
    expect_in(latex({"simulation-48"}), {"public codes find 2.48 to 2.53"});
    about["n_particles"] = 256;
    add_simulation("simulation-49", about, sample_particles());
    expect_in(latex({"simulation-49"}), {"means of 50, PMC3569621"});
    about["algorithm"] = "ballistic_cc";
    add_simulation("simulation-50", about, sample_particles());
    expect_in(latex({"simulation-50"}), {"arXiv:1908.03125"});
}

TEST_F(ReportContents, AStudyOverAParameterHasItsFiguresUnitsAndTrends) {
    Json study = sample_study(4);
    study["study"]["base_parameters"] = {{"dimensions", 3}, {"length_unit", "nm"}, {"particle_radius", 15}};
    plugin_.add_artifact("study-5", "study", study.dump());
    const std::string text = latex({"study-5"}, true);
    expect_in(text, {"against a parameter that was varied", "(nm)"});
    expect_not_in(text, {"are distributed"});
    const Json trends{{"analysis", "parametric_study"},
                      {"study", "study-5"},
                      {"summary", "Df is not seen to depend on n_particles."}};
    plugin_.add_artifact("analysis-9", "analysis", trends.dump());
    expect_in(latex({"study-5", "analysis-9"}),
              {"analysis-9 says: Df is not seen to depend on n\\_particles."});
}

// Not all of them "DLA 3-D".
TEST_F(ReportContents, SimulationsInOnePlotAreTiedByWhatTheyShare) {
    Json about = sample_metadata();
    Json handles = Json::array();
    for (const double sticking : {1.0, 0.1, 0.1}) {
        about["parameters"] = {{"sticking_probability", sticking}, {"seed", handles.size()}};
        handles.push_back("simulation-" + std::to_string(51 + handles.size()));
        add_simulation(handles.back(), about, sample_particles());
    }
    const testing::Outcome plot =
        call("generate_plot",
             {{"source", "simulation-51"}, {"plot", "df_vs_n"}, {"overlay", handles}, {"format", "pdf"}});
    ASSERT_TRUE(plot.ok()) << plot.message;
    std::ofstream(folder_ + "/plot.pdf") << plot.artifacts.at(0).bytes;
    std::string text;
    std::FILE* pipe = ::popen(("pdftotext " + folder_ + "/plot.pdf -").c_str(), "r");
    std::array<char, 4096> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
        text.append(part.data(), size);
    EXPECT_EQ(::pclose(pipe), 0);
    expect_in(text, {"sticking probability 0.1", "sticking probability 1\n"});
}

TEST_F(ReportContents, AComparisonHasSymbolsAndUnits) {
    const auto of = [](double value) {
        return Json{{"count", 2}, {"min", value}, {"max", value}, {"mean", value}, {"std", 0}};
    };
    const Json comparison{
        {"simulations", Json::array()},
        {"length_unit", "nm"},
        {"correlations", Json::array()},
        {"metrics",
         {{"rg", of(16.6)}, {"n_particles", of(100)}, {"r_squared", of(0.99)}, {"asphericity", of(3)}}}};
    plugin_.add_artifact("comparison-5", "comparison", comparison.dump());
    const std::string text = summary({"comparison-5"});
    expect_in(text, {"Rg (nm)", "asphericity (nm"});
    expect_not_in(text, {"n particles", "r squared"});
}

TEST_F(ReportContents, KindsHaveTheirOwnCorrelations) {
    Json comparison{
        {"simulations", Json::array()},
        {"metrics", Json::object()},
        {"kinds", {{{"kind", "3-D eden"}, {"simulations", {"simulation-1"}}, {"metrics", Json::object()}}}},
        {"correlations",
         {{{"metrics", {"df", "rg"}}, {"coefficient", 0.987}, {"simulations", 4}, {"p_value", 0.0123}}}}};
    plugin_.add_artifact("comparison-1", "comparison", comparison.dump());
    expect_not_in(latex({"comparison-1"}), {"Correlation"});
    comparison["correlations"][0]["kind"] = "3-D eden";
    plugin_.add_artifact("comparison-2", "comparison", comparison.dump());
    expect_in(latex({"comparison-2"}),
              {"the 1 of 1 pairs", "Each is over the simulations of one kind.", "3-D eden & $D_", "0.99"});
}

}  // namespace
}  // namespace assistd::exporting
