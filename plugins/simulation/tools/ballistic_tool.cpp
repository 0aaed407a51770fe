#include "algorithms/ballistic.h"
#include "algorithms/ballistic_cc.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/growth_arguments.h"
#include "tools/tools.h"

namespace assistd::simulation {

AlgorithmEntry ballistic_algorithm() {
    AlgorithmEntry result;
    result.name = "ballistic";
    result.tool = "run_ballistic_simulation";
    result.grows =
        "Ballistic particle-cluster aggregation (BPCA): particles come one at a time on straight lines "
        "from random directions. Dense clusters.";
    result.parameters = growth_parameters({});
    result.expected_df = {{"2d", 2}, {"3d", 3}};
    result.limits = {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}};
    result.run = run_ballistic_simulation;
    return result;
}

AlgorithmEntry ballistic_cc_algorithm() {
    AlgorithmEntry result;
    result.name = "ballistic_cc";
    result.tool = "run_ballistic_cc_simulation";
    result.grows =
        "Ballistic cluster-cluster aggregation (BCCA): clusters of equal size meet on straight lines in "
        "random orientation. Open agglomerates.";
    result.parameters = growth_parameters({});
    result.expected_df = {{"2d", 1.45}, {"3d", 1.88}};
    result.limits = {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}};
    result.run = run_ballistic_cc_simulation;
    return result;
}

Result run_ballistic_simulation(Call& call, const Json& arguments) {
    GrowthParameters parameters;
    double unit = 1;
    read_growth(arguments, parameters, unit);
    const Run run = describe_run(arguments, parameters, unit, "ballistic", "ballistic cluster");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_ballistic(parameters, observer), observer);
}

Result run_ballistic_cc_simulation(Call& call, const Json& arguments) {
    GrowthParameters parameters;
    double unit = 1;
    read_growth(arguments, parameters, unit);
    const Run run =
        describe_run(arguments, parameters, unit, "ballistic_cc", "ballistic cluster-cluster agglomerate");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_ballistic_cc(parameters, observer), observer);
}

}  // namespace assistd::simulation
