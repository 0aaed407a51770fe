#include "algorithms/ballistic.h"
#include "algorithms/ballistic_cc.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

AlgorithmEntry ballistic_algorithm() {
    AlgorithmEntry result = entry_for("ballistic", "run_ballistic_simulation", run_ballistic_simulation);
    result.grows =
        "Ballistic particle-cluster aggregation (BPCA): particles come one at a time on straight lines "
        "from random directions. Dense clusters.";
    result.expected_df = {{"2d", 2}, {"3d", 3}};
    return result;
}

AlgorithmEntry ballistic_cc_algorithm() {
    AlgorithmEntry result =
        entry_for("ballistic_cc", "run_ballistic_cc_simulation", run_ballistic_cc_simulation);
    result.grows =
        "Ballistic cluster-cluster aggregation (BCCA): clusters of equal size meet on straight lines in "
        "random orientation. Open agglomerates.";
    result.expected_df = {{"2d", 1.45}, {"3d", 1.88}};
    return result;
}

Result run_ballistic_simulation(Call& call, const GrowthArguments& arguments) {
    GrowthParameters parameters;
    const double unit = read_growth(arguments, parameters);
    const Run run = describe_run(as_json(arguments), parameters, unit, "ballistic", "ballistic cluster");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_ballistic(parameters, observer), observer);
}

Result run_ballistic_cc_simulation(Call& call, const GrowthArguments& arguments) {
    GrowthParameters parameters;
    const double unit = read_growth(arguments, parameters);
    const Run run = describe_run(as_json(arguments), parameters, unit, "ballistic_cc",
                                 "ballistic cluster-cluster agglomerate");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_ballistic_cc(parameters, observer), observer);
}

}  // namespace assistd::simulation
