// What is called by the name of what made it: "the dlca", "the eden cluster", "my rlca".

#include "talking.h"

namespace assistd::test {
namespace {

using ::testing::HasSubstr;

class MadeThings : public Talking {
  protected:
    // Of another conversation, with all its arguments, as they are stored.
    void store(const std::string& handle, const std::string& tool, const std::string& parameters) {
        talk_.artifacts->put(handle, tool);
        talk_.artifacts->all.back().parameters = parameters;
    }
};

TEST_F(MadeThings, AreCalledByWhatMadeThem) {
    calls("grow a dla cluster of 200 particles");
    calls("grow a cca cluster of 200 particles");
    EXPECT_EQ(calls("render the dla"), R"(render_3d_image {"simulation":"simulation-101"})");
    EXPECT_EQ(calls("compare the dla with the cca"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})");
    // What is named alone is alone, also where a plot is usually of all that was made together.
    EXPECT_EQ(calls("plot Rg against N for the cca"),
              R"(generate_plot {"plot":"rg_vs_n","source":"simulation-102"})");
}

TEST_F(MadeThings, ANameMayStandForAValue) {
    calls("make an rlca cluster with 100 particles");
    calls("make a dlca cluster with 100 particles");
    calls("make an rlca cluster with 120 particles and sticking probability 0.5");
    for (const char* handle : {"simulation-101", "simulation-102", "simulation-103"})
        store(handle, "run_cca_simulation", "{}");
    EXPECT_EQ(calls("render the dlca"), R"(render_3d_image {"simulation":"simulation-102"})");
    EXPECT_THAT(reply_,
                HasSubstr("For “dlca” I took what **Cluster-cluster aggregation** makes with sticking "
                          "probability 1."));
    EXPECT_EQ(calls("render the rlca cluster"), R"(render_3d_image {"simulation":"simulation-103"})");
    EXPECT_EQ(calls("export the first rlca cluster as xyz"),
              R"(export_geometry {"format":"xyz","simulation":"simulation-101"})");
    EXPECT_EQ(calls("render the cca"), R"(render_3d_image {"simulation":"simulation-103"})");
}

TEST_F(MadeThings, AreFoundHoweverOldTheyAre) {
    store("simulation-1", "run_eden_simulation", R"({"n_particles":50})");
    store("simulation-2", "run_cca_simulation", R"({"n_particles":50,"sticking_probability":1})");
    store("simulation-3", "run_cca_simulation", R"({"n_particles":50,"sticking_probability":0.01})");
    for (int i = 4; i < 260; ++i)
        store("simulation-" + std::to_string(i), "run_dla_simulation", R"({"n_particles":50})");
    EXPECT_EQ(calls("render the eden cluster"), R"(render_3d_image {"simulation":"simulation-1"})");
    EXPECT_EQ(calls("render the dlca cluster"), R"(render_3d_image {"simulation":"simulation-2"})");
}

TEST_F(MadeThings, ThereAreNoneOfThatName) {
    calls("make an rlca cluster with 100 particles");
    EXPECT_EQ(calls("render the dlca"), "");
    EXPECT_THAT(reply_, HasSubstr("There is no dlca simulation yet"));
    EXPECT_EQ(calls("render the moon"), "");
    EXPECT_THAT(reply_, HasSubstr("I have no tool for “moon”. The nearest that I have is"));
}

TEST_F(MadeThings, MayBeComparedWithWhatIsNotThereYet) {
    store("simulation-101", "run_dla_simulation", "{}");
    talk_.artifacts->all.back().metadata = R"({"n_particles":250})";
    calls("grow a dla cluster of 250 particles");
    EXPECT_EQ(calls("compare it with a DLCA of the same size"),
              R"(run_cca_simulation {"n_particles":250} > )"
              R"(compare_simulations {"simulations":["simulation-102","simulation-101"]})");
    EXPECT_EQ(calls("compare simulation-101 to an eden cluster with the same number of particles"),
              R"(run_eden_simulation {"n_particles":250} > )"
              R"(compare_simulations {"simulations":["simulation-101","simulation-103"]})");
    EXPECT_EQ(calls("compare simulation-101 with a 2d dla of 300 particles"),
              R"(run_dla_simulation {"dimensions":2,"n_particles":300} > )"
              R"(compare_simulations {"simulations":["simulation-101","simulation-104"]})");
    // A sentence before it is no part of it.
    calls("grow a dla with 100 particles. Compare it with theory.");
    EXPECT_THAT(reply_,
                HasSubstr("I left this out because I did not understand it: “Compare it with theory”"));
    store("simulation-7", "run_dla_simulation", "{}");
    EXPECT_EQ(calls("compare simulation-7 with a dlca of the same size"), "");
    EXPECT_THAT(reply_, HasSubstr("**simulation-7** does not tell its n_particles."));
}

TEST_F(MadeThings, AListIsOfThoseThatAreMeant) {
    EXPECT_EQ(calls("list my dlca clusters"),
              R"(list_simulations {"algorithm":"cca","regime":"diffusion_limited"})");
    EXPECT_EQ(calls("list my rlca clusters"),
              R"(list_simulations {"algorithm":"cca","regime":"reaction_limited"})");
    EXPECT_EQ(
        calls("plot rg vs n for simulation-1 and simulation-2 on one graph"),
        R"(generate_plot {"overlay":["simulation-1","simulation-2"],"plot":"rg_vs_n","source":"simulation-1"})");
    EXPECT_EQ(calls("list my cca clusters"), R"(list_simulations {"algorithm":"cca"})");
}

}  // namespace
}  // namespace assistd::test
