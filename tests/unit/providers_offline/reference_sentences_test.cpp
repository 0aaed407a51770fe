// What people call that which was made before, "the second one", and what people write where a phrase has
// something else: options in any place, units, unicode.

#include "sentences.h"
#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class References : public Talking {
  protected:
    References() {
        talk_.say("grow a 2d dla of 300 particles");
        talk_.say("make a cca cluster of 128 particles");
        talk_.say("grow a 3d dla of 400 particles");
    }
};

#define COUNTING "run_box_counting "
#define COMPARE "compare_simulations "

TEST_F(References, CountWhatTheConversationMade) {
    EXPECT_EQ(calls("analyze the first one"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_EQ(calls("analyze the second simulation"), COUNTING R"({"simulation":"simulation-102"})");
    EXPECT_EQ(calls("analyze the 2nd dla cluster"), COUNTING R"({"simulation":"simulation-103"})");
    EXPECT_EQ(calls("compare the first and the last"),
              COMPARE R"({"simulations":["simulation-101","simulation-103"]})");
    EXPECT_EQ(calls("compare the first two"),
              COMPARE R"({"simulations":["simulation-101","simulation-102"]})");
    EXPECT_EQ(calls("compare the last two"),
              COMPARE R"({"simulations":["simulation-102","simulation-103"]})");
    EXPECT_EQ(calls("what is the Rg of the first one?"),
              R"(get_simulation_details {"simulation":"simulation-101"})");
    EXPECT_EQ(calls("compare the first and the fifth"), "");
    EXPECT_THAT(reply_, HasSubstr("has not made so many"));
}

TEST_F(References, CountWhatWasMadeTogether) {
    calls("make three cca clusters of 64 particles");
    EXPECT_EQ(calls("analyze the second one"), COUNTING R"({"simulation":"simulation-105"})");
}

TEST_F(References, CountWhatWasListed) {
    talk_.runner = [](const std::string& tool, const json&) {
        const json rows{{{"handle", "simulation-7"}}, {{"handle", "simulation-5"}}};
        return tool == "list_simulations"
                   ? json{{"success", true}, {"data", {{"simulations", rows}}}, {"summary", "Two."}}
                   : json{{"success", true}, {"data", json::object()}, {"summary", "Done."}};
    };
    calls("list my simulations");
    EXPECT_EQ(calls("analyze the second one"), COUNTING R"({"simulation":"simulation-5"})");
    // Until something of the kind is made, it is the list that is counted.
    EXPECT_EQ(calls("analyze the first one"), COUNTING R"({"simulation":"simulation-7"})");
}

TEST_F(References, OfAListAreOfItsKind) {
    calls("analyze simulation-101");
    calls("analyze simulation-103");
    EXPECT_EQ(calls("plot both in one figure"),
              R"(generate_plot {"overlay":["simulation-101","simulation-103"],"source":"simulation-101"})");
}

TEST_F(References, GoOnWithTheSame) {
    EXPECT_EQ(calls("now the same with 800 particles"),
              R"(run_dla_simulation {"dimensions":3,"n_particles":800})");
    EXPECT_EQ(calls("same with 2 different seeds"),
              R"(run_dla_simulation {"dimensions":3,"n_particles":800} | )"
              R"(run_dla_simulation {"dimensions":3,"n_particles":800})");
}

// A picture is no reason to analyze it with a calibration that nobody knows.
TEST_F(References, AreFollowedByWhatWorks) {
    calls("render the last one");
    EXPECT_THAT(reply_, testing::Not(HasSubstr("per pixel")));
    calls("grow a dla of 50 particles");
    EXPECT_THAT(reply_, HasSubstr("Next you could say “Analyze it”"));
    // Of box counts there is a plot, of what FRAKTAL found is none.
    calls("analyze it");
    EXPECT_THAT(reply_, HasSubstr("Next you could say “Plot it”"));
    talk_.runner = [](const std::string&, const json&) {
        const json made{{{"handle", "analysis-9"}, {"kind", "analysis"}}};
        return json{{"success", true}, {"data", json::object()}, {"summary", "Done."}, {"artifacts", made}};
    };
    for (const char* sentence :
         {"run a fraktal analysis of simulation-101",
          "run fraktal on the image with 2 nm per pixel and 25 nm spheres\n[attached: file-1, agg.png]"}) {
        calls(sentence);
        EXPECT_THAT(reply_, testing::Not(HasSubstr("“Plot it”"))) << sentence;
    }
}

// What a failed call says is to run before it is run, and the call is made again.
TEST_F(References, RunFirstWhatIsNeeded) {
    bool counted = false, may_count = true;
    talk_.runner = [&](const std::string& tool, const json& arguments) {
        if (tool == "run_box_counting") {
            counted = may_count;
            if (!may_count) return json{{"success", false}, {"error", {{"message", "It is a gas."}}}};
            return json{{"success", true}, {"data", json::object()}, {"summary", "Counted."}};
        }
        if (counted) return json{{"success", true}, {"data", json::object()}, {"summary", "Plotted."}};
        const json first{{"tool", "run_box_counting"}, {"arguments", {{"simulation", arguments["source"]}}}};
        return json{{"success", false},
                    {"error", {{"message", "There is none."}, {"details", {{"run_first", first}}}}}};
    };
    const std::string plot = R"(generate_plot {"plot":"box_counting","source":"simulation-102"})";
    const std::string counting = COUNTING R"({"simulation":"simulation-102"})";
    EXPECT_EQ(calls("plot the box counting of simulation-102"), plot + " > " + counting + " > " + plot);
    EXPECT_THAT(reply_, testing::AllOf(HasSubstr("Counted."), HasSubstr("Plotted.")));
    counted = may_count = false;
    EXPECT_EQ(calls("plot the box counting of simulation-102"), plot + " > " + counting);
    EXPECT_THAT(reply_, HasSubstr("It is a gas."));
}

#define DLA "run_dla_simulation "
#define CCA "run_cca_simulation "
#define TUNABLE "run_tunable_simulation "
const std::vector<Row> orders{
    // Options anywhere.
    {"grow 1000 particles of 2D DLA", DLA R"({"dimensions":2,"n_particles":1000})"},
    {"grow 1e5 particles of 3D DLA", DLA R"({"dimensions":3,"n_particles":100000})"},
    {"DLA with N=1000", DLA R"({"n_particles":1000})"},
    {"DLA, N = 10^3, d = 2", DLA R"({"dimensions":2,"n_particles":1000})"},
    {"polydisperse dla of 500 particles with sigma_g 1.5", DLA R"({"n_particles":500,"sigma_g":1.5})"},
    {"grow a DLA with lognormal radii, σg=1.4, 400 particles", DLA R"({"n_particles":400,"sigma_g":1.4})"},
    {"polydisperse dla of 300 particles", "", "Geometric standard deviation"},
    {"grow a monodisperse DLA cluster with 1000 particles", DLA R"({"n_particles":1000})"},
    {"make a 200-particle cca cluster with primary particle radius 15 nm",
     CCA R"({"length_unit":"nm","n_particles":200,"particle_radius":15.0})"},
    {"grow a soot aggregate of 200 primary particles with a diameter of 30 nm",
     CCA R"({"length_unit":"nm","n_particles":200,"particle_radius":15.0})",
     "I took 30 nm as particle_radius 15 nm."},
    {"N=1000 DLA with p_stick=0.3", DLA R"({"n_particles":1000,"sticking_probability":0.3})"},
    {"DLCA N=64 φ=0.01", CCA R"({"n_particles":64,"volume_fraction":0.01})"},
    {"DLCA of 64 particles at a volume fraction of 1 %", CCA R"({"n_particles":64,"volume_fraction":0.01})"},
    {"grow a 2D DLA cluster of 5×10² particles", DLA R"({"dimensions":2,"n_particles":500})"},
    {"grow a 2D DLA cluster of 2.5·10^3 particles", DLA R"({"dimensions":2,"n_particles":2500})"},
    {"BPCA with N=500", R"(run_ballistic_simulation {"n_particles":500})"},
    {"BCCA with N = 256", R"(run_ballistic_cc_simulation {"n_particles":256})"},
    {"Eden cluster, 2D, 1000 cells", R"(run_eden_simulation {"dimensions":2,"n_particles":1000})"},
    {"generate a fractal aggregate with Df=1.78, kf=1.3 and N=200",
     TUNABLE R"({"n_particles":200,"target_df":1.78,"target_kf":1.3})"},
    {"fractal aggregate Df 1.8 kf 1.3 N 200",
     TUNABLE R"({"n_particles":200,"target_df":1.8,"target_kf":1.3})"},
    {"tunable aggregate with D_f = 1.8, k_f = 1.4, N = 300, σ_g = 1.2",
     TUNABLE R"({"n_particles":300,"sigma_g":1.2,"target_df":1.8,"target_kf":1.4})"},
    {"linear chain of 50 monomers", R"(run_limiting_case {"geometry":"chain","n_particles":50})"},
    {"cuboctahedron with 3 shells",
     R"(run_limiting_case {"configuration":"cuboctaedro","geometry":"sphere","layers":3})"},
    {"grow two 2d dla clusters of 100 particles with seed 3",
     DLA R"({"dimensions":2,"n_particles":100,"seed":3} | )" DLA
         R"({"dimensions":2,"n_particles":100,"seed":3})",
     "All 2 have the seed 3, so they are the same"},
    {"run DLA for N from 100 to 400 in 4 steps",
     R"(create_parametric_study {"parameter_grid":{"n_particles":[100,200,300,400]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"2D DLA at N=300, 5 realizations",
     R"(create_parametric_study {"base_parameters":{"dimensions":2,"n_particles":300},"seeds_per_combination":5,"tool":"run_dla_simulation"})"},
    // Half a sentence runs nothing, wherever its options stand.
    {"grow 1000 particles of 2D gold", ""},
    {"don't grow 1000 particles of 2D DLA", ""},

    // Studies and what is called by its kind.
    {"analyze study study-3", R"(analyze_parametric_study {"study":"study-3"})"},
    {"analyze study-3", R"(analyze_parametric_study {"study":"study-3"})"},
    {"analyze the last study", R"(analyze_parametric_study {"study":"study-3"})"},
    {"analyze it", COUNTING R"({"simulation":"simulation-7"})"},
    {"plot study study-3", R"(generate_plot {"source":"study-3"})"},
    {"export study study-3 as csv", R"(export_study_csv {"study":"study-3"})"},
    {"export study-3", R"(export_study_csv {"study":"study-3"})"},
    {"compare simulation simulation-5 and simulation-6",
     COMPARE R"({"simulations":["simulation-5","simulation-6"]})"},
    {"show me simulation-6", R"(render_3d_image {"simulation":"simulation-6"})"},
    {"g(r) of simulation-5", R"(run_correlation_analysis {"simulation":"simulation-5"})"},
    {"log-log plot of Rg vs N for simulation-5",
     R"(generate_plot {"plot":"rg_vs_n","source":"simulation-5"})"},
    {"fractal dimension of simulation-5 by box counting", COUNTING R"({"simulation":"simulation-5"})"},

    // Which of all.
    {"which simulation has the highest Df?", R"(list_simulations {"order":"descending","sort_by":"df"})"},
    {"which of them has the lowest kf?", R"(list_simulations {"order":"ascending","sort_by":"kf"})"},
    {"which cluster is the biggest?", R"(list_simulations {"order":"descending","sort_by":"rg"})"},
    {"rank my simulations by Df", R"(list_simulations {"sort_by":"df"})"}};

TEST(Sentences, HaveWordsInAnyPlace) {
    check_sentences(orders, furnish_owner);
}

}  // namespace
}  // namespace assistd::test
