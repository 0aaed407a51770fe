#include <cstdio>

#include "algorithms/cca.h"
#include "tools/algorithm.h"
#include "tools/arguments.h"
#include "tools/call_observer.h"
#include "tools/growth_arguments.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

constexpr double widest_box = 1e6;
constexpr double least_fraction = 1e-6;
// The population is listed up to so many clusters.
constexpr std::size_t most_listed = 1000;

// What the box is: one of box_size and volume_fraction, or neither.
void read_box(const Json& arguments, CcaParameters& parameters) {
    const bool box = arguments.contains("box_size"), fraction = arguments.contains("volume_fraction");
    if (box && fraction)
        throw invalid_argument("volume_fraction", "Give either box_size or volume_fraction, not both.");
    if (box) parameters.box_size = bounded_number(arguments, "box_size", 100, 4, widest_box);
    if (fraction)
        parameters.volume_fraction =
            bounded_number(arguments, "volume_fraction", 0.01, least_fraction, largest_filling);
}

void read_end(const Json& arguments, CcaParameters& parameters) {
    const bool single = arguments.value("single_agglomerate", true);
    if (single && arguments.contains("clusters_left"))
        throw invalid_argument("clusters_left",
                               "clusters_left is for single_agglomerate = false: a single agglomerate is one "
                               "cluster.");
    if (single) return;
    const auto n = static_cast<std::int64_t>(parameters.n_particles);
    // By default a hundred particles in each, as many as a fit of their N over Rg needs.
    parameters.clusters_left = std::size_t(std::max<std::int64_t>(2, n / 100));
    if (arguments.contains("clusters_left"))
        parameters.clusters_left = std::size_t(
            bounded_integer(arguments, "clusters_left", 2, n - 1, "for " + std::to_string(n) + " particles"));
}

Json listed(const std::vector<GrowthPoint>& clusters, double a) {
    Json n = Json::array(), rg = Json::array();
    for (const GrowthPoint& each : clusters) {
        if (n.size() == most_listed) break;
        n.push_back(each.particles);
        rg.push_back(each.radius_of_gyration * a);
    }
    return {{"clusters", clusters.size()}, {"n", n}, {"rg", rg}};
}

std::string gel_warning(double width, double box) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "The agglomerate is wider than its box (2 Rg = %.3g, box %.3g particle radii), so it grew "
                  "crowded, which raises Df: give a larger box_size or a smaller volume_fraction.",
                  width, box);
    return text;
}

}  // namespace

AlgorithmEntry cca_algorithm() {
    AlgorithmEntry result;
    result.name = "cca";
    result.tool = "run_cca_simulation";
    result.grows =
        "Cluster-cluster aggregation in a periodic box: particles and clusters diffuse and join where "
        "they touch. Open agglomerates such as soot; with a small sticking_probability denser ones.";
    result.parameters = growth_parameters(
        {"sticking_probability", "box_size", "volume_fraction", "single_agglomerate", "clusters_left"});
    result.expected_df = {{"3d diffusion-limited (DLCA)", 1.78},
                          {"3d reaction-limited (RLCA)", 2.1},
                          {"2d diffusion-limited (DLCA)", 1.44}};
    result.limits = {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}};
    result.run = run_cca_simulation;
    return result;
}

Result run_cca_simulation(Call& call, const Json& arguments) {
    CcaParameters parameters;
    double unit = 1;
    read_growth(arguments, parameters, unit);
    parameters.sticking_probability = probability_of(arguments, "sticking_probability");
    read_box(arguments, parameters);
    read_end(arguments, parameters);
    Run run = describe_run(arguments, parameters, unit, "cca", "cluster-cluster agglomerate");
    run.parameters["sticking_probability"] = parameters.sticking_probability;
    run.parameters["single_agglomerate"] = parameters.clusters_left == 1;

    CallObserver observer(call, parameters.n_particles);
    Population population;
    try {
        population = grow_cca(parameters, observer);
    } catch (const BoxIsFull& full) {
        const bool fraction = parameters.volume_fraction > 0;
        throw invalid_argument(fraction ? "volume_fraction" : "box_size",
                               std::string("The box cannot hold the particles: ") + full.what());
    }
    // The one that was given, so that the parameters can be used again.
    if (parameters.volume_fraction <= 0) run.parameters["box_size"] = population.box_size;
    run.more["box"] = {{"size", population.box_size}, {"volume_fraction", population.volume_fraction}};
    const double width = 2 * population.clusters.front().radius_of_gyration;
    if (width > population.box_size) run.warnings.push_back(gel_warning(width, population.box_size));
    if (parameters.clusters_left > 1) {
        run.parameters["clusters_left"] = parameters.clusters_left;
        run.more["population"] = listed(population.clusters, unit);
        run.warnings.push_back("This is the largest of " + std::to_string(population.clusters.size()) +
                               " clusters; the others are listed by N and Rg as population.");
    }
    return report(call, run, std::move(population.largest), observer);
}

}  // namespace assistd::simulation
