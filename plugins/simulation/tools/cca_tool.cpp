#include <algorithm>
#include <cstdio>

#include "algorithms/cca.h"
#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

// The population is listed up to so many clusters.
constexpr std::size_t most_listed = 1000;

// What the box is: one of box_size and volume_fraction, or neither.
void read_box(const CcaArguments& arguments, CcaParameters& parameters) {
    if (arguments.box_size && arguments.volume_fraction)
        throw invalid_argument("volume_fraction", "Give either box_size or volume_fraction, not both.");
    parameters.box_size = arguments.box_size.value_or(0);
    parameters.volume_fraction = arguments.volume_fraction.value_or(0);
}

void read_end(const CcaArguments& arguments, CcaParameters& parameters) {
    if (arguments.single_agglomerate && arguments.clusters_left)
        throw invalid_argument("clusters_left",
                               "clusters_left is for single_agglomerate = false: a single agglomerate is one "
                               "cluster.");
    if (arguments.single_agglomerate) return;
    const std::size_t n = parameters.n_particles;
    // By default a hundred particles in each, as many as a fit of their N over Rg needs.
    parameters.clusters_left = arguments.clusters_left.value_or(std::max<std::size_t>(2, n / 100));
    check_range("clusters_left", parameters.clusters_left, 2, n - 1,
                "for " + std::to_string(n) + " particles");
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

void describe(Fields<CcaArguments>& fields) {
    using Arguments = CcaArguments;
    fields.include<GrowthArguments>();
    fields
        .optional("sticking_probability", &Arguments::sticking_probability,
                  "Chance that two clusters that collide stay together, else the step is taken back: 1 is "
                  "DLCA; 0.001 and less is the reaction limit, RLCA, in which the value does not matter")
        .more_than(0)
        .at_most(1);
    fields
        .optional("box_size", &Arguments::box_size,
                  "Side of the periodic box in particle radii. Without it and volume_fraction: 100, or for "
                  "more than about 400 particles wide enough not to crowd them. The particles may fill a "
                  "quarter of it")
        .range(4, 1e6);
    fields
        .optional("volume_fraction", &Arguments::volume_fraction,
                  "Instead of box_size: the part of the box (2-D: of its area) that the particles fill")
        .range(1e-6, largest_filling);
    fields.optional("single_agglomerate", &Arguments::single_agglomerate,
                    "true: until all particles are one agglomerate. false: ends with clusters_left clusters; "
                    "the largest one is stored, N and Rg of all are listed as population");
    fields
        .optional("clusters_left", &Arguments::clusters_left,
                  "With single_agglomerate false: how many clusters are left at the end, at least 2; default "
                  "n_particles / 100")
        .range(2, largest_cluster - 1);
}

AlgorithmEntry cca_algorithm() {
    AlgorithmEntry result = entry_for("cca", "run_cca_simulation", run_cca_simulation);
    result.grows =
        "Cluster-cluster aggregation in a periodic box: particles and clusters diffuse and join where "
        "they touch. Open agglomerates such as soot; with a small sticking_probability denser ones.";
    result.expected_df = {{"3d diffusion-limited (DLCA)", 1.78},
                          {"3d reaction-limited (RLCA)", 2.1},
                          {"2d diffusion-limited (DLCA)", 1.44}};
    return result;
}

Result run_cca_simulation(Call& call, const CcaArguments& arguments) {
    CcaParameters parameters;
    const double unit = read_growth(arguments, parameters);
    parameters.sticking_probability = arguments.sticking_probability;
    read_box(arguments, parameters);
    read_end(arguments, parameters);
    Run run = describe_run(as_json(arguments), parameters, unit, "cca", "cluster-cluster agglomerate");

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
