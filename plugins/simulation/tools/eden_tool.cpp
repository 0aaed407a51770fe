#include "algorithms/eden.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/growth_arguments.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {
// Below, the cluster is no different: it only takes longer.
constexpr double least_probability = 0.001;
}  // namespace

AlgorithmEntry eden_algorithm() {
    AlgorithmEntry result;
    result.name = "eden";
    result.tool = "run_eden_simulation";
    result.grows = "Eden growth off lattice: particles divide where there is room. Compact clusters.";
    result.parameters = growth_parameters({"growth_probability"});
    result.expected_df = {{"2d", 2}, {"3d", 3}};
    result.limits = {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}};
    result.run = run_eden_simulation;
    return result;
}

Result run_eden_simulation(Call& call, const Json& arguments) {
    EdenParameters parameters;
    double unit = 1;
    read_growth(arguments, parameters, unit);
    parameters.growth_probability = probability_of(arguments, "growth_probability", least_probability);
    Run run = describe_run(arguments, parameters, unit, "eden", "Eden cluster");
    run.parameters["growth_probability"] = parameters.growth_probability;
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_eden(parameters, observer), observer);
}

}  // namespace assistd::simulation
