#include "algorithms/dla.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {
constexpr std::size_t largest_in_2d = 10'000'000;
constexpr std::size_t largest_in_3d = largest_cluster;
}  // namespace

void describe(Fields<DlaArguments>& fields) {
    using Arguments = DlaArguments;
    fields.include<GrowthArguments>();
    fields
        .required("n_particles", &Arguments::n_particles,
                  "Number of particles: " + range_text(smallest_cluster, largest_in_2d) + " in 2-D, " +
                      range_text(smallest_cluster, largest_in_3d) + " in 3-D")
        .range(smallest_cluster, largest_in_2d);
    fields
        .optional("sticking_probability", &Arguments::sticking_probability,
                  "Chance that a particle stays at a contact; else it is reflected and diffuses on. Small "
                  "values make denser clusters and take longer, as 1/value: at the least, 0.001, about 3 s "
                  "for each 1,000 particles")
        .range(least_sticking_probability, 1);
}

AlgorithmEntry dla_algorithm() {
    AlgorithmEntry result = entry_for("dla", "run_dla_simulation", run_dla_simulation);
    result.grows =
        "Diffusion-limited aggregation off lattice: particles diffuse in from infinity one at a time and "
        "stay where they first touch the cluster. Open, branched clusters.";
    result.expected_df = {{"2d", 1.71}, {"3d", 2.5}};
    result.limits["3d"] = {smallest_cluster, largest_in_3d};
    result.limits["sticking_probability"] = limits_of(result.takes.at("sticking_probability"));
    return result;
}

Result run_dla_simulation(Call& call, const DlaArguments& arguments) {
    if (arguments.dimensions == 3)
        check_range("n_particles", arguments.n_particles, smallest_cluster, largest_in_3d, "in 3-D");
    DlaParameters parameters;
    const double unit = read_growth(arguments, parameters);
    parameters.sticking_probability = arguments.sticking_probability;
    const Run run = describe_run(as_json(arguments), parameters, unit, "dla", "DLA cluster");
    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_dla(parameters, observer), observer);
}

}  // namespace assistd::simulation
