#include "algorithms/ballistic.h"
#include "algorithms/ballistic_cc.h"
#include "tools/call_observer.h"
#include "tools/growth_arguments.h"
#include "tools/tools.h"

namespace assistd::simulation {

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
