#include "algorithms/limiting_case.h"
#include "tools/algorithm.h"
#include "tools/arguments.h"
#include "tools/call_observer.h"
#include "tools/report.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

constexpr std::int64_t largest_structure = 1'000'000;
constexpr int default_layers = 3;
constexpr int default_chain = 10;

Configuration configuration_of(const Json& arguments) {
    const std::string geometry = arguments.value("geometry", "");
    if (const std::string name = arguments.value("configuration", ""); !name.empty()) {
        const auto found = configuration_from(name);
        if (!found) throw invalid_argument("configuration", "There is no configuration named " + name + ".");
        if (!geometry.empty() && geometry_of(*found) != geometry)
            throw invalid_argument("configuration", "The configuration " + name + " is a " +
                                                        geometry_of(*found) + ", not a " + geometry + ".");
        return *found;
    }
    if (geometry == "chain") return Configuration::lineal;
    if (geometry == "plane") return Configuration::plano;
    const std::string packing = arguments.value("packing", "");
    if (packing == "CS") return Configuration::cubo;
    return packing == "HC" ? Configuration::esfera : Configuration::cuboctaedro;
}

// From `layers`, or the smallest structure that has at least `n_particles` spheres.
int layers_of(const Json& arguments, const LimitingCase& wanted, std::vector<std::string>& warnings) {
    const auto count = [&](int layers) {
        return count_spheres(wanted.configuration, packing_for(wanted), layers);
    };
    const bool layers_given = arguments.contains("layers");
    if (layers_given && arguments.contains("n_particles"))
        throw invalid_argument("n_particles", "Give either layers or n_particles, not both.");
    if (!arguments.contains("n_particles")) {
        const int fallback = wanted.configuration == Configuration::lineal ? default_chain : default_layers;
        const int layers =
            layers_given ? int(bounded_integer(arguments, "layers", 1, largest_structure, "")) : fallback;
        if (count(layers) > std::size_t(largest_structure))
            throw invalid_argument(
                "layers", "layers = " + std::to_string(layers) + " makes more than 1,000,000 spheres.");
        return layers;
    }
    const auto spheres = std::size_t(bounded_integer(arguments, "n_particles", 1, largest_structure, ""));
    int layers = 1;
    while (count(layers) < spheres) ++layers;
    if (count(layers) > std::size_t(largest_structure))
        throw invalid_argument("n_particles", "The smallest " + name_of(wanted.configuration) + " with " +
                                                  std::to_string(spheres) +
                                                  " spheres has more than 1,000,000.");
    if (count(layers) != spheres && wanted.configuration != Configuration::esfera)
        warnings.push_back("There is no complete " + name_of(wanted.configuration) + " of " +
                           std::to_string(spheres) + " spheres; the next larger one was built.");
    return layers;
}

}  // namespace

AlgorithmEntry limiting_algorithm() {
    AlgorithmEntry result;
    result.name = "limiting";
    result.tool = "run_limiting_case";
    result.grows =
        "Geometries with exactly known Rg, for checking an analysis: chains, planes and compact spheres "
        "of equal particles on a lattice.";
    result.parameters = {"geometry",    "configuration", "packing",        "layers",
                         "n_particles", "sintering",     "particle_radius"};
    result.expected_df = {{"chain", 1}, {"plane", 2}, {"sphere", 3}};
    result.limits = {{"spheres", {1, largest_structure}}};
    result.run = run_limiting_case;
    return result;
}

Result run_limiting_case(Call& call, const Json& arguments) {
    LimitingCase wanted;
    wanted.configuration = configuration_of(arguments);
    if (const std::string name = arguments.value("packing", ""); !name.empty()) {
        wanted.packing = packing_from(name);
        if (!wanted.packing || !packing_for(wanted))
            throw invalid_argument("packing", "The configuration " + name_of(wanted.configuration) +
                                                  " cannot have the packing " + name + ".");
    }
    wanted.sintering = bounded_number(arguments, "sintering", 1, 0.5, 1);
    Run run;
    wanted.layers = layers_of(arguments, wanted, run.warnings);
    run.algorithm = "limiting";
    run.title = "Built a " + geometry_of(wanted.configuration) + " (" + name_of(wanted.configuration) + ")";
    run.name = arguments.value("name", "");
    const std::string geometry = geometry_of(wanted.configuration);
    run.df_ideal = geometry == "chain" ? 1 : geometry == "plane" ? 2 : 3;
    run.particle_radius = bounded_number(arguments, "particle_radius", 1, 1e-12, 1e12);
    run.parameters = {{"geometry", geometry_of(wanted.configuration)},
                      {"configuration", name_of(wanted.configuration)},
                      {"layers", wanted.layers},
                      {"sintering", wanted.sintering}};
    if (const auto packing = packing_for(wanted)) run.parameters["packing"] = name_of(*packing);
    CallObserver observer(call, count_spheres(wanted.configuration, packing_for(wanted), wanted.layers));
    return report(call, run, build_limiting_case(wanted, observer), observer);
}

}  // namespace assistd::simulation
