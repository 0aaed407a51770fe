#include <cmath>

#include "algorithms/tunable.h"
#include "measure/growth_fit.h"
#include "measure/shape.h"
#include "tools/algorithm.h"
#include "tools/arguments.h"
#include "tools/call_observer.h"
#include "tools/report.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

constexpr std::int64_t smallest_cluster = 10;
constexpr std::int64_t largest_cluster = 1'000'000;
constexpr double overlap_tolerance = 1e-6;
constexpr double growth_differs = 0.05;

TunableParameters parameters_of(const Json& arguments, const Sizes& sizes) {
    TunableParameters parameters;
    parameters.n_particles =
        std::size_t(bounded_integer(arguments, "n_particles", smallest_cluster, largest_cluster, ""));
    if (!arguments.contains("target_df"))
        throw invalid_argument("target_df", "target_df must be given, between 1 and 3.");
    parameters.target_df = bounded_number(arguments, "target_df", 1.78, 1, 3);
    parameters.target_kf = bounded_number(arguments, "target_kf", 1.3, 0.05, 5);
    const std::string method = arguments.value("method", "cluster_cluster");
    if (method != "cluster_cluster" && method != "particle_cluster")
        throw invalid_argument("method",
                               "method must be cluster_cluster or particle_cluster, not " + method + ".");
    parameters.cluster_cluster = method == "cluster_cluster";
    if (arguments.contains("seed_cluster_size")) {
        if (!parameters.cluster_cluster)
            throw invalid_argument("seed_cluster_size",
                                   "Only the method cluster_cluster takes seed_cluster_size: the method "
                                   "particle_cluster adds single particles.");
        parameters.seed_cluster_size =
            std::size_t(bounded_integer(arguments, "seed_cluster_size", 2,
                                        std::int64_t(parameters.n_particles / 2), "(half of n_particles)"));
    } else if (parameters.cluster_cluster) {
        parameters.seed_cluster_size = seed_cluster_size_for(parameters.n_particles);
    }
    parameters.sizes = sizes.law;
    parameters.sintering = bounded_number(arguments, "sintering", 1, 0.5, 1);
    parameters.seed = seed_of(arguments);
    return parameters;
}

// Measured from the finished geometry, not taken from how it was made.
Json agreement(const TunableCluster& grown, const TunableParameters& parameters, double a,
               Observer& observer) {
    std::vector<Particle> particles = grown.cluster.particles;
    const double rg = gyration(particles).radius;
    // Sintered spheres overlap by what was asked for; what is left over shows when they are made that much
    // smaller.
    for (Particle& each : particles) each.radius *= parameters.sintering;
    const Neighbours neighbours(particles, observer);
    const Contacts touching = contacts(particles, neighbours, overlap_tolerance, observer);
    return {{"target_rg", grown.target_rg * a},
            {"rg_error_percent", 100 * (rg / grown.target_rg - 1)},
            {"residual_overlap", touching.largest_overlap},
            {"overlapping_pairs", touching.overlapping},
            {"attempts", grown.attempts}};
}

void warn_of_growth(const TunableCluster& grown, double target, std::vector<std::string>& warnings) {
    const GrowthFit fit = fit_growth(grown.cluster.growth);
    if (!fit.valid || std::abs(fit.df / target - 1) <= growth_differs) return;
    warnings.push_back(
        "The finished cluster has the Rg of the target, but its growth did not follow the target all the "
        "way, so df and "
        "kf, which are fitted to the growth, differ from it.");
}

AlgorithmEntry algorithm(const std::string& name, const std::string& method) {
    const bool clusters = method == "cluster_cluster";
    AlgorithmEntry result;
    result.name = name;
    result.tool = "run_tunable_simulation";
    result.grows =
        clusters ? "Clusters of a given Df and kf by joining small clusters two by two at the distance that "
                   "the scaling law asks for (FracVAL), also of unequal spheres."
                 : "Clusters of a given Df and kf by adding particles one at a time at the distance from the "
                   "centre of mass that the scaling law asks for (Filippov et al. 2000).";
    result.parameters = {"n_particles", "target_df", "target_kf", "particle_radius",
                         "sigma_g",     "sintering", "seed"};
    if (clusters) result.parameters.push_back("seed_cluster_size");
    result.expected_df = {{"3d", "target_df"}};
    result.limits = {{"3d", {smallest_cluster, largest_cluster}}};
    result.run = run_tunable_simulation;
    result.fixed = {{"method", method}};
    return result;
}

}  // namespace

AlgorithmEntry tunable_algorithm() {
    return algorithm("tunable", "particle_cluster");
}
AlgorithmEntry tunable_cc_algorithm() {
    return algorithm("tunable_cc", "cluster_cluster");
}

Result run_tunable_simulation(Call& call, const Json& arguments) {
    for (const char* field : {"radius_min", "radius_max"})
        if (arguments.contains(field))
            throw invalid_argument(field,
                                   "Tunable growth takes equal radii or lognormal ones (sigma_g) only.");
    const Sizes sizes = sizes_of(arguments);
    const TunableParameters parameters = parameters_of(arguments, sizes);

    Run run;
    run.algorithm = parameters.cluster_cluster ? "tunable_cc" : "tunable";
    run.title = parameters.cluster_cluster ? "Built a tunable cluster-cluster aggregate"
                                           : "Built a tunable particle-cluster aggregate";
    run.seed = parameters.seed;
    run.name = arguments.value("name", "");
    run.particle_radius = sizes.unit;
    run.parameters = {{"n_particles", parameters.n_particles},
                      {"target_df", parameters.target_df},
                      {"target_kf", parameters.target_kf},
                      {"method", parameters.cluster_cluster ? "cluster_cluster" : "particle_cluster"},
                      {"particle_radius", sizes.unit},
                      {"sigma_g", parameters.sizes.sigma_g},
                      {"sintering", parameters.sintering},
                      {"seed", parameters.seed}};
    if (parameters.cluster_cluster) run.parameters["seed_cluster_size"] = parameters.seed_cluster_size;

    CallObserver observer(call, parameters.n_particles);
    try {
        TunableCluster grown = grow_tunable(parameters, observer);
        run.more = agreement(grown, parameters, sizes.unit, observer);
        warn_of_growth(grown, parameters.target_df, run.warnings);
        return report(call, run, std::move(grown.cluster), observer);
    } catch (const OutOfReach& refused) {
        throw invalid_argument(refused.field(), refused.what());
    }
}

}  // namespace assistd::simulation
