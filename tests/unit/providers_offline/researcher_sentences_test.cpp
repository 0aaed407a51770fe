// What researchers say in their own words: geometries, units, orders that share words, and values that there
// are not.

#include "conversation.h"
#include "sentences.h"

namespace assistd::test {
namespace {

#define DLA "run_dla_simulation "
#define CASE "run_limiting_case "
const std::vector<Row> rows{
    {"which algorithms can you grow?", "list_algorithms {}"},
    {"what kinds of clusters can you make?", "list_algorithms {}"},
    {"make a lineal chain of 20", CASE R"({"configuration":"lineal","geometry":"chain","n_particles":20})"},
    {"make a linear chain of 20", CASE R"({"geometry":"chain","n_particles":20})"},
    {"asterisco with 5 layers", CASE R"({"configuration":"asterisco","geometry":"chain","layers":5})"},
    {"simple cubic cube of 5 layers",
     CASE R"({"configuration":"cubo","geometry":"sphere","layers":5,"packing":"CS"})"},
    {"tetrahedron", CASE R"({"configuration":"tetraedro","geometry":"sphere"})"},
    {"octahedron", CASE R"({"configuration":"octaedro","geometry":"sphere"})"},
    {"make a dobleplano with 4 layers",
     CASE R"({"configuration":"dobleplano","geometry":"plane","layers":4})"},
    {"grow a dla of 200 particles with radii uniform between 1 and 2",
     DLA R"({"n_particles":200,"radius_max":2.0,"radius_min":1.0})"},
    {"render simulation-5 from azimuth 30 and elevation 20",
     R"(render_3d_image {"azimuth":30.0,"elevation":20.0,"simulation":"simulation-5"})"},
    {"render the last one from azimuth 30 and elevation 20",
     R"(render_3d_image {"azimuth":30.0,"elevation":20.0,"simulation":"simulation-7"})"},
    {"simulate soot with Df 1.78 and 100 particles",
     R"(run_tunable_simulation {"n_particles":100,"target_df":1.78})"},
    {"how many contacts does it have?", R"(get_simulation_details {"simulation":"simulation-7"})"},
    {"measure the radius of gyration of simulation-5",
     R"(get_simulation_details {"simulation":"simulation-5"})"},
    {"compute the porosity", R"(get_simulation_details {"simulation":"simulation-7"})"},
    {"grow a dla of 1000 particles in the background", DLA R"({"n_particles":1000})", "by itself"},

    // Units are kept.
    {"grow a dla of 200 particles with radius 15 nm",
     DLA R"({"length_unit":"nm","n_particles":200,"particle_radius":15.0})"},
    {"dla, 300 particles, primary radius 0.5 microns",
     DLA R"({"length_unit":"um","n_particles":300,"particle_radius":0.5})"},
    {"grow a dla of 200 particles with radii between 10 and 20 nm",
     DLA R"({"length_unit":"nm","n_particles":200,"radius_max":20.0,"radius_min":10.0})"},

    // Words that several orders share.
    {"grow 2D and 3D DLA of 500 particles",
     DLA R"({"dimensions":2,"n_particles":500} | )" DLA R"({"dimensions":3,"n_particles":500})"},
    {"compare 2D and 3D DLA of 500 particles", DLA
     R"({"dimensions":2,"n_particles":500} | )" DLA
     R"({"dimensions":3,"n_particles":500} > compare_simulations {"simulations":["simulation-101","simulation-102"]})"},
    {"make a tetrahedron and an octahedron",
     CASE R"({"configuration":"tetraedro","geometry":"sphere"} | )" CASE
          R"({"configuration":"octaedro","geometry":"sphere"})"},
    {"plot rg and df against n of simulation-5",
     R"(generate_plot {"plot":"rg_vs_n","source":"simulation-5"} | generate_plot {"plot":"df_vs_n","source":"simulation-5"})"},

    // Words of all kinds of people.
    {"make a cca aggregate of 150 spheres, then box counting, then fraktal",
     R"(run_cca_simulation {"n_particles":150} > run_box_counting {"simulation":"simulation-101"} > run_fraktal_analysis {"simulation":"simulation-101"})"},
    {"please make me one dla with hundred thousand particles", DLA R"({"n_particles":100000})"},
    {"I would like to have a cluster of 5k particles, 2D", DLA R"({"dimensions":2,"n_particles":5000})"},
    {"which simulation is the densest?", R"(list_simulations {"order":"descending","sort_by":"df"})"},
    {"what is the coordination number?", R"(get_simulation_details {"simulation":"simulation-7"})"},
    {"send me the coordinates of simulation-5 as numpy",
     R"(export_geometry {"format":"npy","simulation":"simulation-5"})"},
    {"make a chain of 10 spheres with 20 nm diameter",
     CASE R"({"geometry":"chain","length_unit":"nm","n_particles":10,"particle_radius":10.0})"},
    {"show me a picture of simulation-5 and its Rg vs N plot",
     R"(render_3d_image {"simulation":"simulation-5"} > generate_plot {"plot":"rg_vs_n","source":"simulation-5"})"},
    {"grow 3 clusters of 150 and analyze them all", DLA
     R"({"n_particles":150} | )" DLA R"({"n_particles":150} | )" DLA
     R"({"n_particles":150} > run_box_counting {"simulation":"simulation-101"} | run_box_counting {"simulation":"simulation-102"} | run_box_counting {"simulation":"simulation-103"})"},
    {"what is the mean Df of my simulations?",
     R"(compare_simulations {"simulations":["simulation-5","simulation-6","simulation-7"]})"},

    // What there is not is named, with what there is.
    {"export it as foo", "", "There is no format “foo”"},
    {"export simulation-5 as foo", "", "csv, xyz"},
    {"grow a dla in 4d", "", "The dimensions cannot be 4"},
    {"grow a 4d dla of 100 particles", "", "2 or 3"},
    {"plot foo of simulation-5", "", "There is no plot “foo”"},
    {"write a report as pdf", "", "**Word report**"},
    {"write a report about simulation-5 as pdf", "", "but not “as pdf”"},
    {"give me the moon", ""},
};

TEST(ResearcherSentences, RunWhatTheyMean) {
    check_sentences(rows, furnish_owner);
}

// One answer for all that lack it.
TEST(ResearcherSentences, AreAskedOnce) {
    Conversation talk(shipped_tools());
    EXPECT_NE(talk.say("compare 2D and 3D DLA").find("How many particles"), std::string::npos);
    EXPECT_EQ(talk.calls(), "");
    talk.say("200");
    EXPECT_EQ(
        talk.calls(), DLA
        R"({"dimensions":2,"n_particles":200} | )" DLA
        R"({"dimensions":3,"n_particles":200} > compare_simulations {"simulations":["simulation-101","simulation-102"]})");
}

// What is half an order is no answer to a question.
TEST(ResearcherSentences, AreNotTakenForAnswers) {
    Conversation talk(shipped_tools());
    furnish_owner(talk);
    talk.say("export simulation-5 as foo");
    EXPECT_NE(talk.say("write a report about simulation-5 as pdf").find("but not “as pdf”"),
              std::string::npos);
}

TEST(ResearcherSentences, GoOnWithAValueThatThereIs) {
    Conversation talk(shipped_tools());
    furnish_owner(talk);
    talk.say("export simulation-5 as foo");
    talk.say("xyz");
    EXPECT_EQ(talk.calls(), R"(export_geometry {"format":"xyz","simulation":"simulation-5"})");
}

}  // namespace
}  // namespace assistd::test
