#include "tools/growth_arguments.h"

#include <cstdio>

#include "tools/arguments.h"

namespace assistd::simulation {

namespace {
constexpr std::int64_t smallest_cluster = 10;
constexpr std::int64_t largest_cluster = 1'000'000;
}  // namespace

void read_growth(const Json& arguments, GrowthParameters& parameters, double& unit) {
    parameters.dimensions = arguments.value("dimensions", 3);
    if (parameters.dimensions != 2 && parameters.dimensions != 3)
        throw invalid_argument("dimensions", "dimensions must be 2 or 3.");
    parameters.n_particles =
        std::size_t(bounded_integer(arguments, "n_particles", smallest_cluster, largest_cluster, ""));
    const Sizes sizes = sizes_of(arguments);
    unit = sizes.unit;
    parameters.sizes = sizes.law;
    parameters.sintering = sintering_of(arguments);
    parameters.seed = seed_of(arguments);
}

double probability_of(const Json& arguments, const std::string& field, double least) {
    const double value = arguments.value(field, 1.0);
    if (value > 0 && value >= least && value <= 1) return value;
    char bound[32] = "greater than 0";
    if (least > 0) std::snprintf(bound, sizeof bound, "at least %g", least);
    throw invalid_argument(field, field + " must be " + bound + " and at most 1.");
}

Run describe_run(const Json& arguments, const GrowthParameters& parameters, double unit,
                 const std::string& algorithm, const std::string& what) {
    const bool flat = parameters.dimensions == 2;
    Run run;
    run.algorithm = algorithm;
    run.title = std::string("Grew a ") + (flat ? "2-D " : "3-D ") + what;
    run.seed = parameters.seed;
    run.name = arguments.value("name", "");
    run.particle_radius = unit;
    run.parameters = arguments;
    run.parameters["n_particles"] = parameters.n_particles;
    run.parameters["dimensions"] = parameters.dimensions;
    run.parameters["particle_radius"] = unit;
    run.parameters["sintering"] = parameters.sintering.value;
    run.parameters["seed"] = parameters.seed;
    return run;
}

}  // namespace assistd::simulation
