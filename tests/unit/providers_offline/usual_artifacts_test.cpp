// What a sentence means that names nothing, or only "the last one": what was made together, what such a plot
// is drawn of, and everything that the conversation has made.

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

#define PLOT "generate_plot "

class UsualArtifacts : public Talking {
  protected:
    void make(const std::string& tool, const std::string& handle, std::vector<std::string> parents = {}) {
        talk_.artifacts->put(handle, tool);
        talk_.artifacts->all.back().parents = std::move(parents);
        talk_.runner = [=](const std::string&, const json&) {
            const json made{{{"handle", handle}, {"kind", handle.substr(0, handle.rfind('-'))}}};
            return json{
                {"success", true}, {"data", json::object()}, {"summary", "Made."}, {"artifacts", made}};
        };
    }
};

TEST_F(UsualArtifacts, WhatWasMadeTogetherIsInOnePlot) {
    constexpr const char* three = R"("overlay":["simulation-101","simulation-102","simulation-103"])";
    EXPECT_THAT(calls("make 3 dlca clusters of 200 and plot the df distribution"),
                HasSubstr(std::string(" > " PLOT "{") + three +
                          R"(,"plot":"df_distribution","source":"simulation-101"})"));
    EXPECT_EQ(calls("plot Rg against N"),
              std::string(PLOT "{") + three + R"(,"plot":"rg_vs_n","source":"simulation-101"})");
    EXPECT_EQ(calls("plot Rg against N for the last one"),
              PLOT R"({"plot":"rg_vs_n","source":"simulation-103"})");
    // One that was made alone is alone.
    calls("grow a dla of 100 particles");
    EXPECT_EQ(calls("plot Rg against N"), PLOT R"({"plot":"rg_vs_n","source":"simulation-104"})");
}

TEST_F(UsualArtifacts, SeveralThatAreNamedAreInOnePlot) {
    EXPECT_EQ(calls("plot df against n of simulation-1, simulation-2"),
              PLOT R"({"overlay":["simulation-1","simulation-2"],"plot":"df_vs_n","source":"simulation-1"})");
    EXPECT_EQ(
        calls("plot the pair correlation of simulation-1 and simulation-2"), PLOT
        R"({"overlay":["simulation-1","simulation-2"],"plot":"pair_correlation","source":"simulation-1"})");
    // Box countings have no common axes.
    EXPECT_EQ(calls("plot the box counting of simulation-1 and simulation-2"),
              PLOT R"({"plot":"box_counting","source":"simulation-1"} | )" PLOT
                   R"({"plot":"box_counting","source":"simulation-2"})");
}

TEST_F(UsualArtifacts, TheLastOneIsWhatSuchAPlotIsDrawnOf) {
    make("run_dla_simulation", "simulation-1");
    calls("grow a dla of 100 particles");
    make("run_box_counting", "analysis-1", {"simulation-1"});
    calls("analyze it");
    EXPECT_EQ(calls("plot the box counting"), PLOT R"({"plot":"box_counting","source":"analysis-1"})");
    make("run_fraktal_analysis", "analysis-2", {"simulation-1"});
    calls("run a fraktal analysis of simulation-1");
    EXPECT_EQ(calls("plot the box counting"), PLOT R"({"plot":"box_counting","source":"analysis-1"})");
    EXPECT_EQ(calls("plot the box counting of the last analysis"),
              PLOT R"({"plot":"box_counting","source":"analysis-1"})");
    make("compare_simulations", "comparison-1", {"simulation-1"});
    calls("compare simulation-1 and simulation-2");
    EXPECT_EQ(calls("plot Rg against N for the last one"),
              PLOT R"({"plot":"rg_vs_n","source":"simulation-1"})");
    // What was made since has no box counting yet, and the plot is asked for all the same.
    make("run_dla_simulation", "simulation-3");
    calls("grow a dla of 200 particles");
    EXPECT_EQ(calls("plot the box counting"), PLOT R"({"plot":"box_counting","source":"simulation-3"})");
}

TEST_F(UsualArtifacts, AStudyThatWasMadeSinceIsNotPassedOver) {
    make("run_dla_simulation", "simulation-1");
    calls("grow a dla of 100 particles");
    make("create_parametric_study", "study-1");
    calls("study dla of 50 particles with 3 seeds each");
    EXPECT_EQ(calls("plot the growth curve of the last one"), "");
    EXPECT_THAT(reply_, HasSubstr("**study-1** was made last, but this works on another thing (simulation)"));
    EXPECT_EQ(calls("plot the df distribution"), PLOT R"({"plot":"df_distribution","source":"study-1"})");
    EXPECT_EQ(calls("plot df against n"), PLOT R"({"plot":"df_vs_n","source":"study-1"})");
    EXPECT_EQ(calls("plot Rg against N"), PLOT R"({"plot":"rg_vs_n","source":"study-1"})");
    EXPECT_EQ(calls("plot Rg against N for simulation-1"),
              PLOT R"({"plot":"rg_vs_n","source":"simulation-1"})");
}

TEST_F(UsualArtifacts, AStudyThatHasNotEndedIsWaitedFor) {
    calls("grow a dla of 100 particles");
    calls("study dla of 50 particles with 3 seeds each");
    EXPECT_EQ(calls("plot the df distribution"), "");
    EXPECT_THAT(reply_, HasSubstr("has not ended yet"));
    EXPECT_EQ(calls("plot Rg against N for simulation-101"),
              PLOT R"({"plot":"rg_vs_n","source":"simulation-101"})");
    calls("grow a dla of 200 particles");
    EXPECT_EQ(calls("plot Rg against N"), PLOT R"({"plot":"rg_vs_n","source":"simulation-102"})");
}

TEST_F(UsualArtifacts, AReportIsOfEverything) {
    calls("grow a dla of 100 particles");
    calls("analyze it");
    calls("make a cca cluster of 100 particles");
    constexpr const char* all = R"({"sources":["simulation-101","simulation-102","analysis-101"]})";
    EXPECT_EQ(calls("write a report"), std::string("generate_latex_report ") + all);
    EXPECT_THAT(reply_, HasSubstr("what belongs to this conversation"));
    EXPECT_EQ(calls("write a word report"), std::string("generate_docx_report ") + all);
    EXPECT_EQ(calls("give me a quick summary"), std::string("generate_quick_summary ") + all);
    EXPECT_EQ(calls("write a report of everything so far"), std::string("generate_latex_report ") + all);
    EXPECT_EQ(calls("write a report about simulation-101 and simulation-102"),
              R"(generate_latex_report {"sources":["simulation-101","simulation-102"]})");
    EXPECT_EQ(calls("write a report about the last one"),
              R"(generate_latex_report {"sources":["simulation-102"]})");
    EXPECT_EQ(calls("write a report of all simulations"),
              R"(generate_latex_report {"sources":["simulation-101","simulation-102"]})");
}

TEST_F(UsualArtifacts, AReportInOneSentenceIsOfWhatTheSentenceMade) {
    calls("grow a dla of 100 particles");
    EXPECT_THAT(calls("grow a dla of 200 particles, analyze it, then write a report"),
                HasSubstr(R"(generate_latex_report {"sources":["simulation-102","analysis-101"]})"));
}

TEST_F(UsualArtifacts, TheSameWithANumber) {
    calls("grow a 2d dla of 100 particles");
    EXPECT_EQ(calls("do the same with 2000"), R"(run_dla_simulation {"dimensions":2,"n_particles":2000})");
}

TEST_F(UsualArtifacts, WithoutAnythingMadeAReportIsOfWhatThereIs) {
    talk_.artifacts->put("simulation-3", "run_dla_simulation");
    EXPECT_EQ(calls("write a report"), R"(generate_latex_report {"sources":["simulation-3"]})");
}

TEST_F(UsualArtifacts, AllOfAnAlgorithm) {
    for (const char* handle : {"simulation-1", "simulation-2"})
        talk_.artifacts->put(handle, "run_cca_simulation");
    talk_.artifacts->put("simulation-3", "run_dla_simulation");
    talk_.artifacts->put("simulation-4", "run_dla_simulation");
    EXPECT_EQ(calls("compare all dla simulations"),
              R"(compare_simulations {"simulations":["simulation-3","simulation-4"]})");
    EXPECT_EQ(calls("compare all dlca simulations"),
              R"(compare_simulations {"simulations":["simulation-1","simulation-2"]})");
    EXPECT_THAT(reply_, HasSubstr("For “dlca” I took what **Cluster-cluster aggregation** makes"));
}

}  // namespace
}  // namespace assistd::test
