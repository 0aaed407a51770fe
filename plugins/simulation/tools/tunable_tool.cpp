#include <cmath>
#include <cstdio>

#include "algorithms/tunable.h"
#include "measure/growth_fit.h"
#include "measure/shape.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

constexpr double overlap_tolerance = 1e-6;
// How far the growth's own fit may lie from the target without a word, as a part of it: kf scatters more.
constexpr double df_differs = 0.05;
constexpr double kf_differs = 0.1;

TunableParameters parameters_of(const TunableArguments& arguments) {
    TunableParameters parameters;
    parameters.n_particles = arguments.n_particles;
    parameters.target_df = arguments.target_df;
    parameters.target_kf = arguments.target_kf;
    parameters.cluster_cluster = arguments.method == TunableMethod::cluster_cluster;
    if (arguments.seed_cluster_size && !parameters.cluster_cluster)
        throw invalid_argument("seed_cluster_size",
                               "Only the method cluster_cluster takes seed_cluster_size: the method "
                               "particle_cluster adds single particles.");
    if (arguments.seed_cluster_size)
        check_range("seed_cluster_size", *arguments.seed_cluster_size, 2, parameters.n_particles / 2,
                    "(half of n_particles)");
    if (parameters.cluster_cluster)
        parameters.seed_cluster_size =
            arguments.seed_cluster_size.value_or(seed_cluster_size_for(parameters.n_particles));
    parameters.sizes = SizeLaw::lognormal(arguments.sigma_g);
    parameters.sintering = arguments.sintering;
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

void warn_of_growth(const TunableCluster& grown, const TunableParameters& parameters,
                    std::vector<std::string>& warnings) {
    const GrowthFit fit = fit_growth(grown.cluster.growth);
    if (!fit.valid) return;
    const bool has_df = std::abs(fit.df / parameters.target_df - 1) <= df_differs;
    const bool has_kf = std::abs(fit.kf / parameters.target_kf - 1) <= kf_differs;
    if (has_df && has_kf) return;
    char text[320];
    std::snprintf(
        text, sizeof text,
        "The finished cluster has the Rg of the target (Df = %.4g, kf = %.4g), but its growth did not "
        "follow the target all the way, so Df = %.2f and kf = %.2f, which are fitted to the growth, "
        "differ from it.",
        parameters.target_df, parameters.target_kf, fit.df, fit.kf);
    warnings.push_back(text);
}

// Measured with the analysis plugin: README.md.
constexpr const char* only_the_growth =
    "Adding single particles gives the Rg(N) of the target by construction, and an inner structure of its "
    "own, "
    "denser within and sparser without: of 1,000 particles at Df = 1.78 and kf = 1.3 box counting finds 1.99 "
    "and the pair correlation 1.31 (cluster_cluster: 1.87 and 1.66). So Df and kf say how Rg grew, and not "
    "how the particles lie; where that matters, take the method cluster_cluster.";

AlgorithmEntry with_method(const std::string& name, const std::string& method) {
    AlgorithmEntry result = entry_for(name, "run_tunable_simulation", run_tunable_simulation);
    result.expected_df = {{"3d", "target_df"}};
    result.fixed = {{"method", method}};
    result.takes.erase("method");
    return result;
}

}  // namespace

void describe(Names<TunableMethod>& names) {
    names.add("cluster_cluster", TunableMethod::cluster_cluster)
        .add("particle_cluster", TunableMethod::particle_cluster);
}

void describe(Fields<TunableArguments>& fields) {
    using Arguments = TunableArguments;
    fields.include<RandomArguments>();
    fields
        .required("target_df", &Arguments::target_df,
                  "Fractal dimension that the cluster shall have, 1 (chain) to 3 (compact); soot 1.7 to 1.9")
        .range(1, 3);
    fields
        .optional("target_kf", &Arguments::target_kf,
                  "Fractal prefactor that it shall have in N = kf (Rg/a)^Df")
        .range(0.05, 5);
    fields.optional("method", &Arguments::method,
                    "cluster_cluster joins small clusters two by two (FracVAL), as aerosols grow; "
                    "particle_cluster adds one particle at a time, which also reaches compact targets but "
                    "has the target's Rg(N) alone, not its inner structure");
    fields
        .optional("seed_cluster_size", &Arguments::seed_cluster_size,
                  "Particles in the small clusters that cluster_cluster joins, at most half of n_particles; "
                  "by default a tenth of n_particles, within 5..50. Not for particle_cluster")
        .range(2, largest_cluster / 2);
}

AlgorithmEntry tunable_algorithm() {
    AlgorithmEntry result = with_method("tunable", "particle_cluster");
    result.grows =
        "Clusters of a given Df and kf by adding particles one at a time at the distance from the centre of "
        "mass that the scaling law asks for (Filippov et al. 2000).";
    result.takes.erase("seed_cluster_size");
    return result;
}
AlgorithmEntry tunable_cc_algorithm() {
    AlgorithmEntry result = with_method("tunable_cc", "cluster_cluster");
    result.grows =
        "Clusters of a given Df and kf by joining small clusters two by two at the distance that the scaling "
        "law asks for (FracVAL), also of unequal spheres.";
    return result;
}

Result run_tunable_simulation(Call& call, const TunableArguments& arguments) {
    const TunableParameters parameters = parameters_of(arguments);
    const double a = arguments.particle_radius;
    Run run;
    run.algorithm = parameters.cluster_cluster ? "tunable_cc" : "tunable";
    run.title = parameters.cluster_cluster ? "Built a tunable cluster-cluster aggregate"
                                           : "Built a tunable particle-cluster aggregate";
    run.seed = parameters.seed;
    run.name = arguments.name.value_or("");
    run.particle_radius = a;
    run.parameters = as_json(arguments);
    for (const char* label : {"name", "project_id"}) run.parameters.erase(label);
    run.parameters["seed"] = parameters.seed;
    if (parameters.cluster_cluster) run.parameters["seed_cluster_size"] = parameters.seed_cluster_size;

    CallObserver observer(call, parameters.n_particles);
    try {
        TunableCluster grown = grow_tunable(parameters, observer);
        run.more = agreement(grown, parameters, a, observer);
        warn_of_growth(grown, parameters, run.warnings);
        if (!parameters.cluster_cluster) run.warnings.push_back(only_the_growth);
        return report(call, run, std::move(grown.cluster), observer);
    } catch (const OutOfReach& refused) {
        throw invalid_argument(refused.field(), refused.what());
    }
}

}  // namespace assistd::simulation
