// "Simulations 1 to 5": what is a range, what is a pair, and which of a range are there.

#include "conversation.h"

namespace assistd::test {
namespace {

#define COMPARE "compare_simulations "
#define TABLE "export_latex_table "
const std::vector<Row> rows{
    {"compare simulations 5 to 7",
     COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})",
     "I took **simulation-5** to **simulation-7**."},
    {"compare simulations from 5 to 7",
     COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    {"compare simulations 5-7", COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    {"compare simulations 5–7", COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    {"compare simulation-5 through simulation-7",
     COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    {"compare simulation-5 - simulation-7",
     COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    // Whoever compares one thing to another means the two, and is told how to have all.
    {"compare simulation-5 to simulation-7", COMPARE R"({"simulations":["simulation-5","simulation-7"]})",
     "for all from the one to the other, say “simulations 5 to 7”"},
    {"compare simulation-5 to simulation-6", COMPARE R"({"simulations":["simulation-5","simulation-6"]})"},
    {"what is the difference between simulation-5 and simulation-7",
     COMPARE R"({"simulations":["simulation-5","simulation-7"]})"},
    {"compare simulation 5 with simulation 7", COMPARE R"({"simulations":["simulation-5","simulation-7"]})"},
    {"make a latex table of simulation-5 to simulation-7",
     TABLE R"({"sources":["simulation-5","simulation-6","simulation-7"]})"},
    {"table of simulations 5 to 7",
     COMPARE R"({"simulations":["simulation-5","simulation-6","simulation-7"]})"},
    {"make a latex table of simulations 5, 6 to 7 and 9",
     TABLE R"({"sources":["simulation-5","simulation-6","simulation-7","simulation-9"]})"},
    {"analyze simulations 5 to 7",
     R"(run_box_counting {"simulation":"simulation-5"} | run_box_counting {"simulation":"simulation-6"} | run_box_counting {"simulation":"simulation-7"})"},
    {"delete simulations 5 to 7",
     R"(delete_artifacts {"artifacts":["simulation-5","simulation-6","simulation-7"]})"},
    {"delete simulation-5 to simulation-7",
     R"(delete_artifacts {"artifacts":["simulation-5","simulation-6","simulation-7"]})"},
    // One of them is not there any more.
    {"compare simulations 6 to 9",
     COMPARE R"({"simulations":["simulation-6","simulation-7","simulation-9"]})",
     "without **simulation-8**, which does not exist"},
    {"compare simulations 20 to 30", ""},
    {"compare simulations 5 to 5000", "", "more than 200 at once"},
    // Numbers that are no artifacts'.
    {"run dla with sticking probability 0.1, 200 particles, seed 5",
     R"(run_dla_simulation {"n_particles":200,"seed":5,"sticking_probability":0.1})"},
};

TEST(RangeSentences, MeanAllFromTheFirstToTheLast) {
    check_sentences(rows, [](Conversation& conversation) {
        for (const char* handle : {"simulation-5", "simulation-6", "simulation-7", "simulation-9"})
            conversation.artifacts->put(handle);
    });
}

}  // namespace
}  // namespace assistd::test
