#include "algorithms/dla.h"
#include "tools/algorithm.h"
#include "tools/arguments.h"
#include "tools/call_observer.h"
#include "tools/report.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {
constexpr std::int64_t smallest_cluster = 10;
constexpr std::int64_t largest_in_2d = 10'000'000;
constexpr std::int64_t largest_in_3d = 1'000'000;
}  // namespace

AlgorithmEntry dla_algorithm() {
    AlgorithmEntry result;
    result.name = "dla";
    result.tool = "run_dla_simulation";
    result.grows =
        "Diffusion-limited aggregation off lattice: particles diffuse in from infinity one at a time and "
        "stay where they first touch the cluster. Open, branched clusters.";
    result.parameters = {
        "n_particles", "dimensions", "sticking_probability", "particle_radius", "radius_min", "radius_max",
        "sigma_g",     "sintering",  "sintering_min",        "sintering_std",   "seed"};
    result.expected_df = {{"2d", 1.71}, {"3d", 2.5}};
    result.limits = {{"2d", {smallest_cluster, largest_in_2d}}, {"3d", {smallest_cluster, largest_in_3d}}};
    result.limits["sticking_probability"] = {least_sticking_probability, 1};
    result.run = run_dla_simulation;
    return result;
}

Result run_dla_simulation(Call& call, const Json& arguments) {
    DlaParameters parameters;
    parameters.dimensions = arguments.value("dimensions", 3);
    if (parameters.dimensions != 2 && parameters.dimensions != 3)
        throw invalid_argument("dimensions", "dimensions must be 2 or 3.");
    const bool flat = parameters.dimensions == 2;
    parameters.n_particles =
        std::size_t(bounded_integer(arguments, "n_particles", smallest_cluster,
                                    flat ? largest_in_2d : largest_in_3d, flat ? "in 2-D" : "in 3-D"));
    parameters.sticking_probability = arguments.value("sticking_probability", 1.0);
    if (!(parameters.sticking_probability >= least_sticking_probability &&
          parameters.sticking_probability <= 1))
        throw invalid_argument("sticking_probability",
                               "sticking_probability must be at least 0.001 and at most 1: the time grows as "
                               "1/sticking_probability, and at 0.001 it is already about three seconds for "
                               "each 1,000 particles.");
    const Sizes sizes = sizes_of(arguments);
    parameters.sizes = sizes.law;
    parameters.sintering = sintering_of(arguments);
    parameters.seed = seed_of(arguments);

    Run run;
    run.algorithm = "dla";
    run.title = std::string("Grew a ") + (flat ? "2-D" : "3-D") + " DLA cluster";
    run.seed = parameters.seed;
    run.name = arguments.value("name", "");
    run.particle_radius = sizes.unit;
    run.parameters = arguments;
    run.parameters["n_particles"] = parameters.n_particles;
    run.parameters["dimensions"] = parameters.dimensions;
    run.parameters["sticking_probability"] = parameters.sticking_probability;
    run.parameters["particle_radius"] = sizes.unit;
    run.parameters["sintering"] = parameters.sintering.value;
    run.parameters["seed"] = parameters.seed;

    CallObserver observer(call, parameters.n_particles);
    return report(call, run, grow_dla(parameters, observer), observer);
}

}  // namespace assistd::simulation
