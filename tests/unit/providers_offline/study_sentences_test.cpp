// What people say for a study, and what must run for it. The owner has simulation-5 to simulation-7 and
// study-3.

#include "conversation.h"

namespace assistd::test {
namespace {

#define STUDY "create_parametric_study "
#define DLA "run_dla_simulation "
const std::vector<Row> rows{
    {"plot df against sticking probability",
     R"(generate_plot {"parameter":"sticking_probability","plot":"df_vs_parameter","source":"study-3"})"},
    {"plot how Df depends on the polydispersity for the study as pdf",
     R"(generate_plot {"format":"pdf","parameter":"sigma_g","plot":"df_vs_parameter","source":"study-3"})"},
    {"plot Df vs sticking probability with error bars",
     R"(generate_plot {"parameter":"sticking_probability","plot":"df_vs_parameter","source":"study-3"})"},
    {"compare simulation-5 and simulation-6 and export as excel",
     R"(compare_simulations {"simulations":["simulation-5","simulation-6"]} > export_comparison_csv {"comparison":"comparison-101"})"},
    {"export the study as excel", R"(export_study_csv {"study":"study-3"})"},
    {"study the influence of sticking probability 0.1 and 1 on Df for dlca with 100 particles, 3 seeds", STUDY
     R"({"base_parameters":{"n_particles":100},"parameter_grid":{"sticking_probability":[0.1,1.0]},"seeds_per_combination":3,"tool":"run_cca_simulation"})"},
    {"plot the Df of simulation-5 against N", R"(generate_plot {"plot":"df_vs_n","source":"simulation-5"})"},
    {"average simulation-5 and simulation-6",
     R"(compare_simulations {"simulations":["simulation-5","simulation-6"]})"},
    {"plot df vs n of the study", R"(generate_plot {"plot":"df_vs_n","source":"study-3"})"},
    {"how does Df depend on the sticking probability?", R"(analyze_parametric_study {"study":"study-3"})"},
    {"how does the fractal dimension change with p in study-3?",
     R"(analyze_parametric_study {"study":"study-3"})"},
    {"compare the kf of simulation-5 and simulation-6",
     R"(compare_simulations {"simulations":["simulation-5","simulation-6"]})"},
    {"is there a trend?", R"(analyze_parametric_study {"study":"study-3"})"},
    {"how many dla clusters do I have?", R"(list_simulations {"algorithm":"dla","limit":100})"},
    {"repeat the first one with 400 particles", "", "has not made so many"},
    {"retry what failed in the study", "retry_failed_simulations {}"},
    {"retry all failed runs of my last study", "retry_failed_simulations {}"},
    {"make fifty dla clusters of 256 particles and compare their Df",
     STUDY
     R"({"base_parameters":{"n_particles":256},"seeds_per_combination":50,"tool":"run_dla_simulation"})",
     "Show the results of my study"},
    {"make 50 dla clusters of 256 particles and tell me the mean df",
     STUDY
     R"({"base_parameters":{"n_particles":256},"seeds_per_combination":50,"tool":"run_dla_simulation"})",
     "Show the results of my study"},
    {"make 50 dla clusters of 256 particles, then average their fractal dimensions", STUDY
     R"({"base_parameters":{"n_particles":256},"seeds_per_combination":50,"tool":"run_dla_simulation"})"},
    {"grow 100 dla clusters with 500 particles", STUDY
     R"({"base_parameters":{"n_particles":500},"seeds_per_combination":100,"tool":"run_dla_simulation"})"},
    {"run dla with 1000, 2000 and 5000 particles with 3 seeds each", STUDY
     R"({"parameter_grid":{"n_particles":[1000,2000,5000]},"seeds_per_combination":3,"tool":"run_dla_simulation"})"},
    {"study dla with 1000, 2000 and 5000 particles", STUDY
     R"({"parameter_grid":{"n_particles":[1000,2000,5000]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"start a parametric study of 2d dla with 1k and 2k particles and 5 seeds for each value", STUDY
     R"({"base_parameters":{"dimensions":2},"parameter_grid":{"n_particles":[1000,2000]},"seeds_per_combination":5,"tool":"run_dla_simulation"})"},
    {"study dla of 200 particles with sticking probability 0.1, 0.5 and 1 and 3 seeds each", STUDY
     R"({"base_parameters":{"n_particles":200},"parameter_grid":{"sticking_probability":[0.1,0.5,1.0]},"seeds_per_combination":3,"tool":"run_dla_simulation"})"},
    {"study dla with sticking probability 0.1, 0.5 and 1 with 3 seeds each", "", "How many particles"},
    {"study dlca over n = 50, 100 and regime = dlca, rlca",
     STUDY
     R"({"parameter_grid":{"n_particles":[50,100],"sticking_probability":[1.0,0.001]},"seeds_per_combination":1,"tool":"run_cca_simulation"})",
     "I took “dlca, rlca” as the sticking probability 1 and 0.001"},
    {"study dlca and rlca of 100 particles with 3 seeds each", STUDY
     R"({"base_parameters":{"n_particles":100},"parameter_grid":{"sticking_probability":[1.0,0.001]},"seeds_per_combination":3,"tool":"run_cca_simulation"})"},
    // More than one algorithm has such a thing.
    {"study sticking probability 0.1, 0.5 and 1 with 3 seeds each", "", "What do you mean"},
    {"sweep dla over 100, 200 and 400 particles, 4 times each", STUDY
     R"({"parameter_grid":{"n_particles":[100,200,400]},"seeds_per_combination":4,"tool":"run_dla_simulation"})"},
    {"study it", R"(run_box_counting {"simulation":"simulation-7"})"},
    {"study simulation-5 with 3 seeds each", ""},
    {"vary the sticking probability of cca clusters of 64 particles over 0.1, 0.5 and 1 with 3 seeds each",
     STUDY
     R"({"base_parameters":{"n_particles":64},"parameter_grid":{"sticking_probability":[0.1,0.5,1.0]},"seeds_per_combination":3,"tool":"run_cca_simulation"})"},
    {"vary the sticking probability of cca clusters of 64 particles over 0.1, 0.5 and 1 and analyse Df", STUDY
     R"({"base_parameters":{"n_particles":64},"parameter_grid":{"sticking_probability":[0.1,0.5,1.0]},"seeds_per_combination":1,"tool":"run_cca_simulation"})"},
    {"run a study of cca with n_particles 64 over sticking_probability 0.1, 0.5, 1 with 3 seeds", STUDY
     R"({"base_parameters":{"n_particles":64},"parameter_grid":{"sticking_probability":[0.1,0.5,1.0]},"seeds_per_combination":3,"tool":"run_cca_simulation"})"},
    {"vary the number of particles from 100 to 400 in 4 steps for DLA", STUDY
     R"({"parameter_grid":{"n_particles":[100,200,300,400]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"vary p from 0.1 to 1 for dla with 200 particles", STUDY
     R"({"base_parameters":{"n_particles":200},"parameter_grid":{"sticking_probability":[0.1,0.325,0.55,0.775,1.0]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"vary the sticking probability of dla from 0.2 to 1 in steps of 0.2 with 100 particles", STUDY
     R"({"base_parameters":{"n_particles":100},"parameter_grid":{"sticking_probability":[0.2,0.4,0.6,0.8,1.0]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"sweep n between 100 and 10000 in 3 logarithmic steps for dlca with 2 seeds each", STUDY
     R"({"parameter_grid":{"n_particles":[100,1000,10000]},"seeds_per_combination":2,"tool":"run_cca_simulation"})"},
    {"study dla with n from 300 to 100 by 100", STUDY
     R"({"parameter_grid":{"n_particles":[300,200,100]},"seeds_per_combination":1,"tool":"run_dla_simulation"})"},
    {"vary n from 100 to 100 for dla", ""},
    {"vary n from 100 to 400 in 1000 steps for dla", ""},
    {"vary n from 100 to 400 in steps of 0 for dla", ""},
    {"vary p from 0.1 to 1 in 4 steps", "", "What do you mean"},
    // Values of one run each, told before or behind what all of them have.
    {"run dla with sticking probability 0.1, 0.5 and 1, 200 particles",
     DLA R"({"n_particles":200,"sticking_probability":0.1} | )" DLA
         R"({"n_particles":200,"sticking_probability":0.5} | )" DLA
         R"({"n_particles":200,"sticking_probability":1.0})"},
    {"run dla for N=100, 200 and 300",
     DLA R"({"n_particles":100} | )" DLA R"({"n_particles":200} | )" DLA R"({"n_particles":300})"},
    {"run a dla with 300 particles and call it soot A", DLA R"({"n_particles":300,"name":"soot A"})"},
    {"which runs failed?", "get_study_results {}"},
    {"why did the runs fail?", "get_study_results {}"},
    {"what went wrong in the study?", "get_study_results {}"},
    {"what was the mean Df of study-3?", R"(get_study_results {"mean_of":"df","study_id":"study-3"})"},
    {"what is the standard deviation of Rg over my last study?", R"(get_study_results {"mean_of":"rg"})"},
    {"grow a dla with N=1e4 particles and radius 25 nm",
     DLA R"({"length_unit":"nm","n_particles":10000,"particle_radius":25.0})"},
    {"grow a dla with 100 particles and 20 nm primary diameter",
     DLA R"({"length_unit":"nm","n_particles":100,"particle_radius":10.0})"},
    {"tunable with Df=1.8 kf=1.3", "", "How many particles"},
    {"project simulation-5 along z and do a fraktal analysis",
     R"(run_fraktal_analysis {"axis":"z","simulation":"simulation-5"})"},
    {"grow a dla of 100 particles; analyze; plot",
     DLA R"({"n_particles":100} > run_box_counting {"simulation":"simulation-101"} > )"
         R"(generate_plot {"source":"analysis-101"})"},
    {"run a dla with 300 particles called soot A and plot it",
     DLA R"({"n_particles":300,"name":"soot A"} > generate_plot {"source":"simulation-101"})"},
};

void furnish(Conversation& conversation) {
    for (const char* handle : {"study-3", "simulation-5", "simulation-6", "simulation-7"})
        conversation.artifacts->put(handle);
}

TEST(StudySentences, RunWhatTheyMean) {
    check_sentences(rows, furnish);
}

}  // namespace
}  // namespace assistd::test
