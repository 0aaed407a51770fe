// What people say to the analysis plugin, and what must run for it. The owner has simulation-5 to
// simulation-7, analysis-4, study-2 and file-3.

#include "conversation.h"

namespace assistd::test {
namespace {

#define FRAKTAL "run_fraktal_analysis "
#define IMAGE "run_fraktal_from_image "
#define CORRELATION "run_correlation_analysis "
const std::vector<Row> rows{
    {"run a fraktal analysis of simulation-5", FRAKTAL R"({"simulation":"simulation-5"})"},
    {"analyze it with FRAKTAL", FRAKTAL R"({"simulation":"simulation-7"})"},
    {"Run FRAKTAL on the last simulation", FRAKTAL R"({"simulation":"simulation-7"})"},
    {"fraktal of simulation-6 along x", FRAKTAL R"({"axis":"x","simulation":"simulation-6"})"},
    {"run fraktal on it with the voxel model",
     FRAKTAL R"({"model":"voxel_2018","simulation":"simulation-7"})"},
    {"do a projected image analysis of simulation-5", FRAKTAL R"({"simulation":"simulation-5"})"},
    {"run fraktal on simulation-6 averaged over 20 views",
     FRAKTAL R"({"simulation":"simulation-6","views":20})"},
    {"mean fraktal over 12 random directions of simulation-6",
     FRAKTAL R"({"simulation":"simulation-6","views":12})"},
    {"project simulation-5 along y", FRAKTAL R"({"axis":"y","simulation":"simulation-5"})"},
    {"run fraktal on simulation-5 from a random direction with seed 3",
     FRAKTAL R"({"axis":"random","seed":3,"simulation":"simulation-5"})"},
    {"run fraktal on simulation-5 with primary particles of 25 nm",
     FRAKTAL R"({"primary_diameter_nm":25.0,"simulation":"simulation-5"})"},
    {"what is the fraktal dimension of simulation-6?", FRAKTAL R"({"simulation":"simulation-6"})"},
    {"what is the projected area of simulation-6?", FRAKTAL R"({"simulation":"simulation-6"})"},
    {"compute the fractal dimension of simulation-6 with FRAKTAL",
     FRAKTAL R"({"simulation":"simulation-6"})"},
    {"analyze image file-3 with 0.5 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":0.5})"},
    {"analyze picture file-3 using fraktal with 1.2 nm per pixel and 25 nm spheres",
     IMAGE R"({"image":"file-3","nm_per_pixel":1.2,"primary_diameter_nm":25.0})"},
    {"run fraktal on the image file-3 with 2 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":2.0})"},
    {"image analysis of file-3 at 0.4 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":0.4})"},
    {"run image analysis of file-3 with 0.4 nm per pixel by adaptive threshold",
     IMAGE R"({"image":"file-3","nm_per_pixel":0.4,"threshold_method":"adaptive"})"},
    {"analyze file-3 with 0.4 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":0.4})"},
    {"segment image file-3 with 0.4 nm per pixel at threshold 120",
     IMAGE R"({"image":"file-3","nm_per_pixel":0.4,"threshold":120.0,"threshold_method":"manual"})"},
    {"fraktal from image file-3 with 1 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":1.0})"},
    {"run fraktal on micrograph file-3 with 1 nm per pixel and dark object",
     IMAGE R"({"image":"file-3","nm_per_pixel":1.0,"object":"dark"})"},
    {"run image analysis of file-3 with 1 nm per pixel on page 2",
     IMAGE R"({"image":"file-3","nm_per_pixel":1.0,"page":2})"},
    {"measure the soot on file-3 with 1 nm per pixel", IMAGE R"({"image":"file-3","nm_per_pixel":1.0})"},
    {"run a correlation analysis of simulation-5", CORRELATION R"({"simulation":"simulation-5"})"},
    {"compute the pair correlation of it", CORRELATION R"({"simulation":"simulation-7"})"},
    {"what is the correlation dimension of simulation-6?", CORRELATION R"({"simulation":"simulation-6"})"},
    {"calculate the sandbox dimension of simulation-6", CORRELATION R"({"simulation":"simulation-6"})"},
    {"measure the mass radius relation of the last one", CORRELATION R"({"simulation":"simulation-7"})"},
    {"analyze simulation-5 by the sandbox method", CORRELATION R"({"simulation":"simulation-5"})"},
    {"what is the slope of the pair correlation?", CORRELATION R"({"simulation":"simulation-7"})"},
    {"run a correlation analysis of simulation-5 fitted from 4 to 50",
     CORRELATION R"({"max_distance":50.0,"min_distance":4.0,"simulation":"simulation-5"})"},
    {"correlation analysis of simulation-5 up to largest distance 40",
     CORRELATION R"({"max_distance":40.0,"simulation":"simulation-5"})"},
    {"find the fractal dimension of simulation-5 from the correlation function",
     CORRELATION R"({"simulation":"simulation-5"})"},
    {"analyze the trends of study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"analyze the study", R"(analyze_parametric_study {"study":"study-2"})"},
    {"analyze the results of study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"evaluate study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"show me the trends of study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"what are the trends in the study", R"(analyze_parametric_study {"study":"study-2"})"},
    {"are there trends in study-2?", R"(analyze_parametric_study {"study":"study-2"})"},
    {"do a trend analysis of study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"how does df depend on the parameters of study-2?", R"(analyze_parametric_study {"study":"study-2"})"},
    {"mean and standard deviation per value of study-2", R"(analyze_parametric_study {"study":"study-2"})"},
    {"show the box counting results", "get_box_counting_results {}"},
    {"show the box counting results of simulation-5",
     R"(get_box_counting_results {"source":"simulation-5"})"},
    {"what were the last box counting results?", "get_box_counting_results {}"},
    {"get the stored box counting of it", R"(get_box_counting_results {"source":"simulation-7"})"},
    {"look up the box counting results of simulation-6",
     R"(get_box_counting_results {"source":"simulation-6"})"},
    {"what did box counting find for simulation-6?", R"(get_box_counting_results {"source":"simulation-6"})"},
    {"show the fraktal results", "get_fraktal_results {}"},
    {"show the fraktal results of simulation-5", R"(get_fraktal_results {"source":"simulation-5"})"},
    {"get the saved fraktal analysis", "get_fraktal_results {}"},
    {"what did FRAKTAL find?", "get_fraktal_results {}"},
    {"recall the fraktal results of the last simulation", R"(get_fraktal_results {"source":"simulation-7"})"},
    {"list my stored analyses", "list_analyses {}"},
    {"which analyses are stored?", "list_analyses {}"},
    {"show all analyses of simulation-5", R"(list_analyses {"source":"simulation-5"})"},
    {"list my fraktal analyses", R"(list_analyses {"type":"fraktal"})"},
    {"list the last 5 stored analyses", R"(list_analyses {"limit":5})"},
    {"what have I analyzed so far?", "list_analyses {}"},
    {"was simulation-6 analyzed before?", R"(list_analyses {"source":"simulation-6"})"},
    // What is older means what it meant.
    {"analyze simulation-5", R"(run_box_counting {"simulation":"simulation-5"})"},
    {"measure its fractal dimension", R"(run_box_counting {"simulation":"simulation-7"})"},
    {"what is its fractal dimension?", R"(get_simulation_details {"simulation":"simulation-7"})"},
    {"run box counting", R"(run_box_counting {"simulation":"simulation-7"})"},
    {"compare simulation-5 and simulation-6",
     R"(compare_simulations {"simulations":["simulation-5","simulation-6"]})"},
};

void furnish(Conversation& conversation) {
    for (const char* handle :
         {"file-3", "study-2", "analysis-4", "simulation-5", "simulation-6", "simulation-7"})
        conversation.artifacts->put(handle);
}

TEST(AnalysisSentences, RunWhatTheyMean) {
    check_sentences(rows, furnish);
}

// What is in nanometres by its name needs no word about units, and what keeps its unit none either.
TEST(AnalysisSentences, SayNothingOfAUnitThatIsKept) {
    Conversation talk(shipped_tools());
    talk.artifacts->put("file-3");
    std::string reply =
        talk.say("analyze picture file-3 using fraktal with 1.2 nm per pixel and 25 nm spheres");
    EXPECT_EQ(talk.calls(), IMAGE R"({"image":"file-3","nm_per_pixel":1.2,"primary_diameter_nm":25.0})");
    EXPECT_EQ(reply.find("I took"), std::string::npos) << reply;
    reply = talk.say("grow a dla of 100 particles with a radius of 25 nm");
    EXPECT_EQ(talk.calls(),
              R"(run_dla_simulation {"length_unit":"nm","n_particles":100,"particle_radius":25.0})");
    EXPECT_EQ(reply.find("I took"), std::string::npos) << reply;
}

}  // namespace
}  // namespace assistd::test
