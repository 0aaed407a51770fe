#include "algorithms/eden.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

void describe(Fields<EdenArguments>& fields) {
    fields.include<GrowthArguments>();
    // Below the least, the cluster is no different: it only takes longer.
    fields
        .optional("growth_probability", &EdenArguments::growth_probability,
                  "Chance that a particle with room divides in a generation. 1 lets all divide at once; the "
                  "smaller, the nearer to Eden's one particle at a time")
        .range(0.001, 1);
}

AlgorithmEntry eden_algorithm() {
    AlgorithmEntry result = entry_for("eden", "run_eden_simulation", run_eden_simulation);
    result.grows = "Eden growth off lattice: particles divide where there is room. Compact clusters.";
    result.expected_df = {{"2d", 2}, {"3d", 3}};
    return result;
}

Result run_eden_simulation(Call& call, const EdenArguments& arguments) {
    EdenParameters parameters;
    const double unit = read_growth(arguments, parameters);
    parameters.growth_probability = arguments.growth_probability;
    const Run run = describe_run(as_json(arguments), parameters, unit, "eden", "Eden cluster");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_eden(parameters, observer), observer);
}

}  // namespace assistd::simulation
