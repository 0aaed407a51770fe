// What people say for the growth algorithms beside DLA, and what must run for it. Each row is a whole turn in
// a new conversation.

#include "conversation.h"

namespace assistd::test {
namespace {

#define CCA "run_cca_simulation "
#define BALLISTIC "run_ballistic_simulation "
#define BCCA "run_ballistic_cc_simulation "
#define EDEN "run_eden_simulation "
#define DLA "run_dla_simulation "
const std::vector<Row> orders{
    {"Run a CCA simulation with 500 particles", CCA R"({"n_particles":500})"},
    {"run cca with n_particles = 64, sticking_probability=0.5 and box_size is 80",
     CCA R"({"box_size":80.0,"n_particles":64,"sticking_probability":0.5})"},
    {"run a cca simulation of 10k particles", CCA R"({"n_particles":10000})"},
    {"grow a 256 particle DLCA cluster", CCA R"({"n_particles":256})"},
    {"make a cluster-cluster aggregate of 1,000 spheres with seed 7", CCA R"({"n_particles":1000,"seed":7})"},
    {"simulate 300 particles by cluster-cluster aggregation", CCA R"({"n_particles":300})"},
    {"run an RLCA simulation with 200 particles", CCA R"({"n_particles":200,"sticking_probability":0.001})"},
    {"grow an aggregate of 300 particles by reaction-limited cluster aggregation",
     CCA R"({"n_particles":300,"sticking_probability":0.001})"},
    {"run a diffusion-limited cluster aggregation with 400 particles", CCA R"({"n_particles":400})"},
    {"dla", "", "How many particles: 10 to 10,000,000 in 2-D"},
    {"2d cca, please", "", "How many particles: 10 to 1,000,000?"},
    {"dla with seed 3", "", "How many particles"},
    {"ballistic cluster cluster with seed 3 and 40 particles", BCCA R"({"n_particles":40,"seed":3})"},
    {"2D DLCA with 500 particles", CCA R"({"dimensions":2,"n_particles":500})"},
    {"run a cca simulation with 500 particles and sticking probability 0.1",
     CCA R"({"n_particles":500,"sticking_probability":0.1})"},
    {"run a cca simulation with 500 particles in a box of size 80",
     CCA R"({"box_size":80.0,"n_particles":500})"},
    {"run a cca simulation with 500 particles at a volume fraction of 0.01",
     CCA R"({"n_particles":500,"volume_fraction":0.01})"},
    {"run a cca simulation with 500 particles down to 10 clusters",
     CCA R"({"clusters_left":10,"n_particles":500,"single_agglomerate":false})"},
    {"run a cca simulation with 500 particles of radius 15 nm called \"Soot A\"",
     CCA R"({"length_unit":"nm","n_particles":500,"name":"Soot A","particle_radius":15.0})"},
    {"make three cca clusters of 128 particles",
     CCA R"({"n_particles":128} | )" CCA R"({"n_particles":128} | )" CCA R"({"n_particles":128})"},
    {"run a cca simulation with 300 particles and tell me its fractal dimension",
     CCA R"({"n_particles":300} > get_simulation_details {"simulation":"simulation-101"})"},
    {"run a cca simulation with 300 particles, then export it as xyz",
     CCA R"({"n_particles":300} > export_geometry {"format":"xyz","simulation":"simulation-101"})"},

    {"Run a ballistic simulation with 500 particles", BALLISTIC R"({"n_particles":500})"},
    {"grow a 2d ballistic cluster of 5k particles", BALLISTIC R"({"dimensions":2,"n_particles":5000})"},
    {"BPCA with 1000 particles, seed 4", BALLISTIC R"({"n_particles":1000,"seed":4})"},
    {"make a ballistic aggregate of two thousand spheres", BALLISTIC R"({"n_particles":2000})"},
    {"simulate 800 particles by ballistic aggregation", BALLISTIC R"({"n_particles":800})"},
    {"ballistic 256 particles", BALLISTIC R"({"n_particles":256})"},
    {"let 200 particles aggregate by ballistic aggregation", BALLISTIC R"({"n_particles":200})"},
    {"run a ballistic simulation with 500 particles and radii between 10 and 30",
     BALLISTIC R"({"n_particles":500,"radius_max":30.0,"radius_min":10.0})"},
    {"how would a ballistic cluster of 400 particles look?", BALLISTIC R"({"n_particles":400})"},
    {"I want a bpca cluster with 128 spheres", BALLISTIC R"({"n_particles":128})"},

    {"Run a ballistic cluster-cluster simulation with 500 particles", BCCA R"({"n_particles":500})"},
    {"grow a BCCA agglomerate of 1024 monomers", BCCA R"({"n_particles":1024})"},
    {"2-D BCCA with 512 particles", BCCA R"({"dimensions":2,"n_particles":512})"},
    {"simulate 4096 particles by ballistic cluster-cluster aggregation", BCCA R"({"n_particles":4096})"},
    {"run ballistic cluster aggregation with 300 particles", BCCA R"({"n_particles":300})"},
    {"make a bcca cluster of 256 with sintering 0.9", BCCA R"({"n_particles":256,"sintering":0.9})"},
    {"create an aggregate of 600 spheres using bcca", BCCA R"({"n_particles":600})"},
    {"try a bcca simulation with 100 particles", BCCA R"({"n_particles":100})"},
    {"n = 100 bcca", BCCA R"({"n_particles":100})"},
    {"bcca 2000", BCCA R"({"n_particles":2000})"},

    {"Run an Eden simulation with 500 particles", EDEN R"({"n_particles":500})"},
    {"grow a flat eden cluster of 5,000 particles", EDEN R"({"dimensions":2,"n_particles":5000})"},
    {"grow an Eden cluster with 1000 particles and growth probability 0.3",
     EDEN R"({"growth_probability":0.3,"n_particles":1000})"},
    {"eden model with 300 particles in 2d", EDEN R"({"dimensions":2,"n_particles":300})"},
    {"simulate 700 particles with the Eden model", EDEN R"({"n_particles":700})"},
    {"Eden growth of 250 spheres, seed 9", EDEN R"({"n_particles":250,"seed":9})"},
    {"produce an eden cluster of 100 particles named colony", EDEN R"({"n_particles":100,"name":"colony"})"},
    {"eden 400", EDEN R"({"n_particles":400})"},
    {"give me an eden cluster of 10^4 particles", EDEN R"({"n_particles":10000})"},
    {"build a 200 particle eden cluster", EDEN R"({"n_particles":200})"},

    // A name stands for a value as long as nobody says another.
    {"grow an RLCA cluster of 200 particles with sticking probability 0.1",
     CCA R"({"n_particles":200,"sticking_probability":0.1})", "without it, this would be 0.001"},
    {"RLCA of 200 particles with sticking probability 0.001",
     CCA R"({"n_particles":200,"sticking_probability":0.001})"},
    {"study rlca of 200 particles with sticking probability 0.1 and 0.5",
     R"(create_parametric_study {"base_parameters":{"n_particles":200},"parameter_grid":{"sticking_probability":[0.1,0.5]},"seeds_per_combination":1,"tool":"run_cca_simulation"})"},

    // What belongs to DLA stays there.
    {"run a diffusion-limited simulation with 100 particles", DLA R"({"n_particles":100})"},
    {"grow a cluster of 100 particles", DLA R"({"n_particles":100})"},
    {"simulate soot aggregation with 100 particles", CCA R"({"n_particles":100})"},
};

TEST(GrowthSentences, RunWhatTheyAskFor) {
    check_sentences(orders);
}

TEST(GrowthSentences, AskForTheNumberOfParticles) {
    const auto tools = shipped_tools();
    for (const char* sentence : {"run a cca simulation", "run a ballistic simulation", "grow a bcca cluster",
                                 "grow an eden cluster", "RLCA with sticking probability 0.1"}) {
        Conversation conversation(tools);
        EXPECT_NE(conversation.say(sentence).find("10 to 1,000,000"), std::string::npos) << sentence;
        EXPECT_EQ(conversation.calls(), "") << sentence;
    }
}

}  // namespace
}  // namespace assistd::test
