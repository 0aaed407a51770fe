// What people say to have a cluster of a given fractal dimension made, or one by the name of its algorithm,
// and what runs for it. Each row is a whole turn in a new conversation.

#include "conversation.h"

namespace assistd::test {
namespace {

#define TUNABLE "run_tunable_simulation "
#define RUN "run_simulation "
#define DLA "run_dla_simulation "
const std::vector<Row> rows{
    // The target, in many words.
    {"grow a tunable cluster of 256 particles with df 1.8", TUNABLE R"({"n_particles":256,"target_df":1.8})"},
    {"tunable df 1.8 kf 1.3 with 300 particles",
     TUNABLE R"({"n_particles":300,"target_df":1.8,"target_kf":1.3})"},
    {"Build a soot aggregate of 500 particles with Df 1.78 and kf 1.4",
     TUNABLE R"({"n_particles":500,"target_df":1.78,"target_kf":1.4})"},
    {"make an aggregate with a fractal dimension of 1.9 and 300 particles",
     TUNABLE R"({"n_particles":300,"target_df":1.9})"},
    {"generate a 200 particle cluster with fractal dimension 2.1",
     TUNABLE R"({"n_particles":200,"target_df":2.1})"},
    {"make a 1k particle agglomerate with df = 1.8 and kf = 1.3",
     TUNABLE R"({"n_particles":1000,"target_df":1.8,"target_kf":1.3})"},
    {"run a tunable simulation with 1,000 particles, df 1.7, kf 1.2 and seed 5",
     TUNABLE R"({"n_particles":1000,"seed":5,"target_df":1.7,"target_kf":1.2})"},
    {"run a particle-cluster tunable simulation of 100 particles with df 2.2",
     TUNABLE R"({"method":"particle_cluster","n_particles":100,"target_df":2.2})"},
    {"grow a cluster-cluster tunable aggregate of 128 monomers with df 1.8, sigma_g 1.5",
     TUNABLE R"({"method":"cluster_cluster","n_particles":128,"sigma_g":1.5,"target_df":1.8})"},
    {"use fracval for 400 particles with df 1.79 and prefactor 1.4",
     TUNABLE R"({"method":"cluster_cluster","n_particles":400,"target_df":1.79,"target_kf":1.4})"},
    {"I need a cluster of 64 spheres with fractal dimension 1.6",
     TUNABLE R"({"n_particles":64,"target_df":1.6})"},
    {"assemble 150 particles with fractal dimension 2.0 and sintering 0.9",
     TUNABLE R"({"n_particles":150,"sintering":0.9,"target_df":2.0})"},
    {"build a tunable aggregate of 300 particles with df 1.8, radius 20 and subclusters of 10",
     TUNABLE R"({"n_particles":300,"particle_radius":20.0,"seed_cluster_size":10,"target_df":1.8})"},
    {"simulate a tunable cluster with 80 particles, target df 1.75, named soot",
     TUNABLE R"({"n_particles":80,"name":"soot","target_df":1.75})"},
    {"make a tunable aggregate of 300 particles with df 1.8, kf 1.3, gloss 25", "",
     "I understood “make a tunable aggregate of 300 particles with df 1.8, kf 1.3”, but not “gloss 25”"},
    // By the name of the algorithm.
    {"run the tunable_cc algorithm with 300 particles and df 1.8",
     RUN R"({"algorithm":"tunable_cc","n_particles":300,"target_df":1.8})"},
    {"run the dla algorithm with 500 particles", RUN R"({"algorithm":"dla","n_particles":500})"},
    {"use the dla algorithm for 500 particles in 2d",
     RUN R"({"algorithm":"dla","dimensions":2,"n_particles":500})"},
    {"run a simulation with the algorithm dla, 500 particles and seed 3",
     RUN R"({"algorithm":"dla","n_particles":500,"seed":3})"},
    {"use algorithm dla to grow 200 particles", RUN R"({"algorithm":"dla","n_particles":200})"},
    {"simulate 100 particles using algorithm dla", RUN R"({"algorithm":"dla","n_particles":100})"},
    {"grow a cluster of 400 particles with the tunable particle-cluster algorithm and df 2",
     RUN R"({"algorithm":"tunable","n_particles":400,"target_df":2.0})"},
    // What the tools of the algorithms answer stays theirs.
    {"grow a 2d dla of 10k particles", DLA R"({"dimensions":2,"n_particles":10000})"},
    {"simulate 500 particles with dla", RUN R"({"algorithm":"dla","n_particles":500})"},
    {"grow a cluster of 500 particles", DLA R"({"n_particles":500})"},
};

TEST(TunableSentences, RunWhatTheyAskFor) {
    check_sentences(rows);
}

TEST(TunableSentences, AskForWhatIsMissing) {
    Conversation conversation(shipped_tools());
    const std::string reply = conversation.say("make a tunable cluster of 100 particles");
    EXPECT_EQ(conversation.calls(), "");
    EXPECT_NE(reply.find("Fractal dimension that the cluster shall have"), std::string::npos) << reply;
    conversation.say("1.8");
    EXPECT_EQ(conversation.calls(), TUNABLE R"({"n_particles":100,"target_df":1.8})");
}

}  // namespace
}  // namespace assistd::test
