// What the provider says of what it did not understand, and what it does not ask twice.

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Honesty : public Talking {
  protected:
    void answer(json body) {
        talk_.runner = [=](const std::string&, const json&) { return body; };
    }
};

TEST_F(Honesty, WhatIsNoNumberIsSaidToBeNone) {
    for (const char* number : {"1e5.5", "10^5.5", "1.2.3"}) {
        EXPECT_EQ(calls("grow a dla with " + std::string(number) + " particles"), "");
        EXPECT_THAT(reply_, HasSubstr("“" + std::string(number) + "” is no number that I can read"));
    }
    calls("grow a dla");
    EXPECT_EQ(calls("1e5.5"), "");
    EXPECT_THAT(reply_, HasSubstr("I could not read an answer from “1e5.5”, which is no number."));
    EXPECT_EQ(calls("grow a dla with 10^4 particles"), R"(run_dla_simulation {"n_particles":10000})");
}

TEST_F(Honesty, MoreThanThereAreIsSaid) {
    talk_.artifacts->put("simulation-1", "run_dla_simulation");
    EXPECT_EQ(calls("analyze the last 30 simulations"), "");
    EXPECT_THAT(reply_, HasSubstr("There is only **simulation-1** (simulation), and you said 30."));
    for (int i = 2; i < 40; ++i)
        talk_.artifacts->put("simulation-" + std::to_string(i), "run_dla_simulation");
    EXPECT_EQ(calls("analyze the last 30 simulations"), "");
    EXPECT_THAT(reply_, HasSubstr("more than 20 runs of one tool at once"));
}

TEST_F(Honesty, AQuestionAboutAValueIsNoneAboutATool) {
    for (const char* question : {"what is the average of the box?", "what is the mean of life?"}) {
        EXPECT_EQ(calls(question), "");
        EXPECT_THAT(reply_, Not(HasSubstr("(needed)"))) << question;
        EXPECT_THAT(reply_, HasSubstr("did not")) << question;
    }
    EXPECT_EQ(calls("what is box counting?"), "");
    EXPECT_THAT(reply_, HasSubstr("`run_box_counting`"));
}

TEST_F(Honesty, SoManyAreMeantAsAreSaid) {
    calls("make 3 dla clusters of 100 particles");
    constexpr const char* three =
        R"(compare_simulations {"simulations":["simulation-101","simulation-102","simulation-103"]})";
    EXPECT_EQ(calls("what is the mean df of those three?"), three);
    EXPECT_EQ(calls("compare the three"), three);
    EXPECT_EQ(calls("compare those two"),
              R"(compare_simulations {"simulations":["simulation-102","simulation-103"]})");
    EXPECT_EQ(calls("compare the five"), "");
    EXPECT_THAT(reply_, HasSubstr("(simulation)"));
}

TEST_F(Honesty, TheSameOfThreeAreThree) {
    calls("make 3 dlca clusters of 100 particles");
    EXPECT_EQ(calls("make the same with 300 particles"),
              R"(run_cca_simulation {"n_particles":300} | run_cca_simulation {"n_particles":300} | )"
              R"(run_cca_simulation {"n_particles":300})");
}

TEST_F(Honesty, WhatIsNotRepeatedIsSaid) {
    calls("grow a dla of 100 particles and a dlca of 100 particles");
    EXPECT_EQ(calls("do that again but with 200 particles"), R"(run_cca_simulation {"n_particles":200})");
    EXPECT_THAT(reply_, HasSubstr("I repeated **Cluster-cluster aggregation** alone"));
    calls("do that again but with 300 particles");
    EXPECT_THAT(reply_, Not(HasSubstr("alone")));
}

TEST_F(Honesty, AChangeMayBeRelative) {
    calls("grow a 2d dla with 200 particles and radius 10 nm");
    EXPECT_EQ(
        calls("run it with twice as many particles"),
        R"(run_dla_simulation {"dimensions":2,"length_unit":"nm","n_particles":400,"particle_radius":10.0})");
    EXPECT_EQ(
        calls("do it again with half the radius"),
        R"(run_dla_simulation {"dimensions":2,"length_unit":"nm","n_particles":400,"particle_radius":5.0})");
    EXPECT_EQ(
        calls("the same with 3 times the number of particles"),
        R"(run_dla_simulation {"dimensions":2,"length_unit":"nm","n_particles":1200,"particle_radius":5.0})");
    EXPECT_EQ(
        calls("make it polydisperse with sigma 1.3"),
        R"(run_dla_simulation {"dimensions":2,"length_unit":"nm","n_particles":1200,"particle_radius":5.0,"sigma_g":1.3})");
    // Nobody said which seed there was.
    EXPECT_EQ(calls("run it with twice the seed"), "");
    EXPECT_EQ(calls("make it bigger"), "");
}

TEST_F(Honesty, ASeedIsWrittenAsItIsSaid) {
    answer({{"success", true},
            {"data", {{"seed", 543809025}}},
            {"summary", "Grew it."},
            {"artifacts", json{{{"handle", "simulation-8"}, {"kind", "simulation"}}}}});
    calls("grow a dla with 100 particles");
    calls("what is its seed?");
    EXPECT_THAT(reply_, HasSubstr("543809025"));
}

TEST_F(Honesty, WhatIsReproducedHasItsSeed) {
    answer({{"success", true},
            {"data", {{"seed", 4711}}},
            {"summary", "Grew it."},
            {"artifacts", json{{{"handle", "simulation-8"}, {"kind", "simulation"}}}}});
    calls("grow a dla with 100 particles");
    EXPECT_EQ(calls("reproduce simulation-8"), R"(run_dla_simulation {"n_particles":100,"seed":4711})");
    EXPECT_THAT(reply_, HasSubstr("assistctl artifacts reproduce simulation-8"));
    EXPECT_EQ(calls("reproduce it"), R"(run_dla_simulation {"n_particles":100,"seed":4711})");
    EXPECT_EQ(calls("reproduce simulation-5"), "");
    EXPECT_THAT(reply_, HasSubstr("Nothing in this conversation made **simulation-5**"));
}

TEST_F(Honesty, ANumberIsExplained) {
    EXPECT_EQ(calls("what does kf mean?"), "");
    EXPECT_THAT(reply_, HasSubstr("**kf**: Fractal prefactor in N = kf (Rg/a)^df"));
}

TEST_F(Honesty, AUnitInAQuestionIsNoHindrance) {
    EXPECT_EQ(calls("tell me the Rg of simulation-1 in nm"),
              R"(get_simulation_details {"simulation":"simulation-1"})");
    EXPECT_EQ(calls("grow a dla of 100 particles in nm"),
              R"(run_dla_simulation {"length_unit":"nm","n_particles":100})");
}

TEST_F(Honesty, TheBiggestIsLookedFor) {
    EXPECT_EQ(calls("show my biggest cluster"), R"(list_simulations {"order":"descending","sort_by":"rg"})");
    EXPECT_EQ(calls("render the biggest cluster"), "");
    EXPECT_THAT(reply_, Not(HasSubstr("There is no")));
}

TEST_F(Honesty, OneAnswerIsAskedForOnce) {
    talk_.artifacts->put("simulation-1", "run_dla_simulation");
    EXPECT_EQ(calls("what is the Df and the Rg of simulation-1?"),
              R"(get_simulation_details {"simulation":"simulation-1"})");
    EXPECT_THAT(reply_, Not(HasSubstr("Not done")));
}

TEST_F(Honesty, ALongAnswerIsToldToItsEnd) {
    answer({{"success", true},
            {"data", json::object()},
            {"summary", std::string(3000, 'x') + " Mind that 3 runs have poor fits."}});
    calls("analyze study-1");
    EXPECT_THAT(reply_, HasSubstr("3 runs have poor fits."));
}

TEST_F(Honesty, WhatNoToolDoesIsSaidToBeMissing) {
    for (const char* sentence :
         {"compute the structure factor", "S(q)", "calculate S(q) of the last simulation",
          "fit a Guinier law", "what about scattering?", "scattering"}) {
        EXPECT_EQ(calls(sentence), "") << sentence;
        EXPECT_THAT(reply_, HasSubstr("I have no tool for “")) << sentence;
        EXPECT_THAT(reply_, HasSubstr("The nearest that I have is **Correlation analysis**")) << sentence;
        EXPECT_THAT(reply_, Not(HasSubstr("Did you mean"))) << sentence;
    }
    EXPECT_EQ(calls("do a molecular dynamics run"), "");
    EXPECT_THAT(reply_,
                HasSubstr("“molecular dynamics run”. The nearest that I have is **Simulation algorithms**"));
    EXPECT_EQ(calls("plot kf against N"), "");
    EXPECT_THAT(reply_, HasSubstr("“kf against N”. The nearest that I have is **Plot**"));
    EXPECT_EQ(calls("simulate the stock market"), "");
    EXPECT_THAT(reply_, HasSubstr("I have no tool for “stock market”."));
    // What is only said in a way that nobody taught is not missing.
    calls("plot plot rg rg");
    EXPECT_THAT(reply_, Not(HasSubstr("no tool")));
}

TEST_F(Honesty, AToolThatWantedAValueIsGivenIt) {
    talk_.artifacts->put("file-2");
    const auto refuse = [&] {
        answer({{"success", false},
                {"error",
                 {{"error_type", "ValidationError"},
                  {"message", "The model needs primary_diameter_nm."},
                  {"details",
                   {{"errors", {{{"field", "primary_diameter_nm"}, {"message", "It is needed."}}}}}}}}});
        calls("run fraktal on file-2 with 0.5 nm per pixel");
    };
    for (const char* words :
         {"50 nm", "50 nm primary diameter", "it is 50 nm", "0.05 um", "a diameter of 50 nm"}) {
        refuse();
        EXPECT_EQ(
            calls(words),
            R"(run_fraktal_from_image {"image":"file-2","nm_per_pixel":0.5,"primary_diameter_nm":50.0})")
            << words;
    }
    refuse();
    EXPECT_EQ(calls("grow a dla with 100 particles"), R"(run_dla_simulation {"n_particles":100})");
    EXPECT_EQ(calls("run fraktal on file-2"), "");
    EXPECT_THAT(calls("0.0005 um per pixel"), HasSubstr(R"("nm_per_pixel":0.5)"));
}

TEST_F(Honesty, DecimalCommasAreDecimals) {
    EXPECT_EQ(calls("grow a dla of 300 particles with sticking probability 0,5"),
              R"(run_dla_simulation {"n_particles":300,"sticking_probability":0.5})");
    EXPECT_EQ(calls("grow a dla with 300 particles and radius 12,5 nm"),
              R"(run_dla_simulation {"length_unit":"nm","n_particles":300,"particle_radius":12.5})");
    EXPECT_EQ(calls("grow a soot cluster of 200 particles with Df 1,8 and kf 1,3"),
              R"(run_tunable_simulation {"n_particles":200,"target_df":1.8,"target_kf":1.3})");
    EXPECT_EQ(calls("grow a dla of 10.000 particles"), R"(run_dla_simulation {"n_particles":10000})");
    EXPECT_EQ(calls("grow a dla of 10,000 particles"), R"(run_dla_simulation {"n_particles":10000})");
    EXPECT_EQ(calls("grow a dla of 100 particles with radius 1.250 nm"),
              R"(run_dla_simulation {"length_unit":"nm","n_particles":100,"particle_radius":1.25})");
    EXPECT_THAT(calls("grow a dla of 100 particles with seeds 1,2"), HasSubstr(R"("seed":1} | run_dla)"));
    EXPECT_THAT(calls("grow a dla of 100 particles with sticking probability 0.1,0.5"),
                HasSubstr(R"("sticking_probability":0.1} | run_dla)"));
    EXPECT_THAT(calls("grow a dla of 100 particles with seeds 1,2,3"), HasSubstr(R"("seed":3})"));
    EXPECT_EQ(calls("grow a dla of 12.5 particles"), "");
    EXPECT_EQ(calls("compare simulations 1,2"),
              R"(compare_simulations {"simulations":["simulation-1","simulation-2"]})");
}

TEST_F(Honesty, WhatIsMadeOfAThingHindersNoOther) {
    calls("grow a dla with 100 particles");
    answer({{"success", true}, {"data", {{"status", "running"}, {"job_id", "job_1"}, {"progress", 0.1}}}});
    calls("render it");
    EXPECT_EQ(calls("plot the local Df"), R"(generate_plot {"plot":"df_vs_n","source":"simulation-101"})");
    EXPECT_EQ(calls("compare the two dimensions"), "");
}

TEST_F(Honesty, AValueAloneIsAskedAbout) {
    EXPECT_EQ(calls("20 nm primary diameter"), "");
    EXPECT_THAT(reply_, HasSubstr("“20 nm primary diameter” is no order by itself. It would be"));
    EXPECT_THAT(reply_, HasSubstr("particle_radius 10, length_unit nm of"));
    calls("run a dla simulation");
    EXPECT_EQ(calls("500 particles"), R"(run_dla_simulation {"n_particles":500})");
}

TEST_F(Honesty, RowsThatAreNotShownMayWarn) {
    json rows = json::array();
    for (int i = 0; i < 25; ++i) {
        rows.push_back({{"name", "n=" + std::to_string(i)}, {"description", "1 run completed"}});
        rows.back()["warnings"] = i >= 22 ? json{{{"text", "Poor."}, {"runs", 1}}} : json::array();
    }
    answer({{"success", true}, {"data", {{"combinations", rows}}}, {"summary", "The study is done."}});
    calls("show the results of my study");
    EXPECT_THAT(reply_, HasSubstr("… and 5 more, 3 of which warn"));
}

}  // namespace
}  // namespace assistd::test
