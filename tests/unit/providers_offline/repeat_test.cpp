// "Once more", over a whole conversation: what is repeated, and what of it is changed.

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

#define DLA "run_dla_simulation "
#define STUDY "create_parametric_study "

class Repeat : public Talking {};

TEST_F(Repeat, OneMoreIsOneHoweverManyThereWere) {
    calls("make 3 dla clusters of 100 particles");
    EXPECT_EQ(calls("grow one more of 150"), R"(run_dla_simulation {"n_particles":150})");
    EXPECT_EQ(calls("make another of 120"), R"(run_dla_simulation {"n_particles":120})");
}

TEST_F(Repeat, WhatIsGrownAgainIsWhatGrew) {
    calls("grow a 2d dla with 100 particles");
    calls("render it");
    EXPECT_EQ(calls("grow the same again"), R"(run_dla_simulation {"dimensions":2,"n_particles":100})");
}

TEST_F(Repeat, SeedsAreForWhatGrows) {
    calls("grow a dla with 100 particles and plot it");
    const std::string grown = DLA R"({"n_particles":100})";
    EXPECT_EQ(calls("rerun it with 3 seeds"), grown + " | " + grown + " | " + grown);
    calls("plot rg vs n");
    calls("project the last simulation");
    EXPECT_EQ(calls("do the same with 2 seeds"), grown + " | " + grown);
}

TEST_F(Repeat, AStudyBeginsAgain) {
    talk_.runner = [](const std::string&, const json&) {
        const json data{{"study_id", "study_1"}, {"name", "p"}, {"status", "running"}};
        return json{{"success", true}, {"data", data}, {"summary", "Began the study."}};
    };
    calls("study 2d dla with 50 and 100 particles");
    EXPECT_EQ(
        calls("rerun the study with 30 seeds"), STUDY
        R"({"base_parameters":{"dimensions":2},"parameter_grid":{"n_particles":[50,100]},"seeds_per_combination":30,"tool":"run_dla_simulation"})");
    EXPECT_EQ(
        calls("rerun it with 2 seeds each"), STUDY
        R"({"base_parameters":{"dimensions":2},"parameter_grid":{"n_particles":[50,100]},"seeds_per_combination":2,"tool":"run_dla_simulation"})");
    EXPECT_EQ(
        calls("repeat the study in 3d"), STUDY
        R"({"base_parameters":{"dimensions":3},"parameter_grid":{"n_particles":[50,100]},"seeds_per_combination":2,"tool":"run_dla_simulation"})");
}

TEST_F(Repeat, AnOlderRunIsNotChangedInSilence) {
    calls("grow a 2d dla with 50 particles and seed 7");
    calls("make a tunable aggregate of 64 particles with df 1.8 and kf 1.3");
    EXPECT_EQ(calls("and now in 2d"), "");
    EXPECT_THAT(reply_, HasSubstr("**Tunable aggregate**, which ran last, does not take “in 2d”"));
    EXPECT_THAT(reply_, HasSubstr("“Repeat simulation-101 in 2d”"));
    EXPECT_EQ(calls("repeat simulation-101 in 3d"), DLA R"({"dimensions":3,"n_particles":50,"seed":7})");
}

TEST_F(Repeat, WhatIsCalledByItsHandleRunsAgain) {
    calls("grow a dla with 100 particles and seed 3");
    calls("grow a cca with 200 particles");
    EXPECT_EQ(calls("rerun simulation-101 with seed 12"), DLA R"({"n_particles":100,"seed":12})");
    EXPECT_EQ(calls("run simulation-101 again with another seed"), DLA R"({"n_particles":100})");
    EXPECT_THAT(reply_, HasSubstr("I took the arguments of **simulation-101** and a new seed."));
    EXPECT_EQ(calls("do simulation-101 again but in 2d"),
              DLA R"({"dimensions":2,"n_particles":100,"seed":3})");
    EXPECT_EQ(calls("repeat simulation-102 with 300 particles and plot it"),
              R"(run_cca_simulation {"n_particles":300} > generate_plot {"source":"simulation-106"})");
    EXPECT_EQ(calls("repeat simulation-101 with volume fraction 0.01"), "");
    EXPECT_THAT(reply_, HasSubstr("does not take “with volume fraction 0.01”"));
    EXPECT_EQ(calls("redo plot-7 as png"), "");
    EXPECT_THAT(reply_, HasSubstr("Nothing in this conversation made **plot-7**"));
}

TEST_F(Repeat, WhatIsCountedRunsAgain) {
    calls("grow a dla with 100 particles and seed 3");
    calls("plot it");
    calls("grow a cca with 200 particles");
    EXPECT_EQ(calls("repeat the first one with 400 particles"), DLA R"({"n_particles":400,"seed":3})");
    EXPECT_EQ(calls("repeat the second one with 300 particles"), R"(run_cca_simulation {"n_particles":300})");
    EXPECT_EQ(calls("run the second dla again with seed 5"), DLA R"({"n_particles":400,"seed":5})");
    EXPECT_EQ(calls("run the first one with volume fraction 0.1"), "");
    EXPECT_THAT(reply_, HasSubstr("**DLA simulation** does not take “with volume fraction 0.1”"));
    EXPECT_EQ(calls("repeat the ninth one"), "");
    EXPECT_THAT(reply_, HasSubstr("has not made so many, so I ran nothing"));
}

TEST_F(Repeat, AnotherThingIsWorkedOn) {
    calls("grow a dla with 100 particles");
    calls("grow a dla with 200 particles");
    calls("render it from the top");
    EXPECT_EQ(calls("and the first one?"), R"(render_3d_image {"simulation":"simulation-101","view":"top"})");
    EXPECT_EQ(calls("do the same for simulation-102"),
              R"(render_3d_image {"simulation":"simulation-102","view":"top"})");
    EXPECT_EQ(calls("thanks for that, now render the first one"),
              R"(render_3d_image {"simulation":"simulation-101"})");
    EXPECT_EQ(calls("render the first one from the top"),
              R"(render_3d_image {"simulation":"simulation-101","view":"top"})");
    EXPECT_EQ(calls("and now the second dla"),
              R"(render_3d_image {"simulation":"simulation-102","view":"top"})");
    calls("compare the two");
    EXPECT_EQ(calls("and it?"), "");
}

TEST_F(Repeat, ABareFormatIsOfTheLast) {
    calls("grow a dla with 100 particles");
    calls("plot rg vs n");
    EXPECT_THAT(calls("as pdf please"), HasSubstr(R"(generate_plot {"format":"pdf")"));
}

TEST_F(Repeat, WhatWasMadeElsewhereIsLookedUp) {
    talk_.runner = [](const std::string& tool, const json& arguments) {
        json body{{"success", true}, {"data", json::object()}, {"summary", tool + " is done."}};
        if (tool == "get_simulation_details")
            body["data"] = {{"simulation", arguments["simulation"]},
                            {"tool", "run_dla_simulation"},
                            {"arguments", {{"dimensions", 3}, {"n_particles", 200}}},
                            {"seed", 7}};
        return body;
    };
    const std::string details = R"(get_simulation_details {"simulation":"simulation-3"})";
    EXPECT_EQ(calls("run simulation-3 again with 2 seeds"),
              details + " > " DLA R"({"dimensions":3,"n_particles":200} | )" DLA
                        R"({"dimensions":3,"n_particles":200})");
    EXPECT_THAT(reply_, Not(HasSubstr("get_simulation_details")));
    EXPECT_EQ(calls("repeat simulation-3 with flying colors"), details);
    EXPECT_THAT(reply_, HasSubstr("does not take “with flying colors”"));
}

}  // namespace
}  // namespace assistd::test
