#include "tools/algorithm.h"
#include "tools/call_observer.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

constexpr std::size_t largest_structure = 1'000'000;
constexpr int default_layers = 3;
constexpr int default_chain = 10;

Configuration configuration_of(const LimitingArguments& arguments) {
    if (arguments.configuration) {
        const std::string its = geometry_of(*arguments.configuration);
        if (its != arguments.geometry)
            throw invalid_argument("configuration", "The configuration " + name_of(*arguments.configuration) +
                                                        " is a " + its + ", not a " + arguments.geometry +
                                                        ".");
        return *arguments.configuration;
    }
    if (arguments.geometry == "chain") return Configuration::lineal;
    if (arguments.geometry == "plane") return Configuration::plano;
    if (arguments.packing == Packing::cs) return Configuration::cubo;
    return arguments.packing == Packing::hc ? Configuration::esfera : Configuration::cuboctaedro;
}

// From `layers`, or the smallest structure that has at least `n_particles` spheres.
int layers_of(const LimitingArguments& arguments, const LimitingCase& wanted,
              std::vector<std::string>& warnings) {
    const auto count = [&](int layers) {
        return count_spheres(wanted.configuration, packing_for(wanted), layers);
    };
    if (arguments.layers && arguments.n_particles)
        throw invalid_argument("n_particles", "Give either layers or n_particles, not both.");
    if (!arguments.n_particles) {
        const int fallback = wanted.configuration == Configuration::lineal ? default_chain : default_layers;
        const int layers = arguments.layers.value_or(fallback);
        if (count(layers) > largest_structure)
            throw invalid_argument("layers", "layers = " + std::to_string(layers) + " makes more than " +
                                                 grouped(largest_structure) + " spheres.");
        return layers;
    }
    const std::size_t spheres = *arguments.n_particles;
    int layers = 1;
    while (count(layers) < spheres) ++layers;
    if (count(layers) > largest_structure)
        throw invalid_argument("n_particles", "The smallest " + name_of(wanted.configuration) + " with " +
                                                  std::to_string(spheres) + " spheres has more than " +
                                                  grouped(largest_structure) + ".");
    if (count(layers) != spheres && wanted.configuration != Configuration::esfera)
        warnings.push_back("There is no complete " + name_of(wanted.configuration) + " of " +
                           std::to_string(spheres) + " spheres; the next larger one was built.");
    return layers;
}

}  // namespace

void describe(Names<Configuration>& names) {
    for (const Configuration each : configurations()) names.add(name_of(each), each);
}
void describe(Names<Packing>& names) {
    for (const Packing each : {Packing::hc, Packing::cs, Packing::ccc}) names.add(name_of(each), each);
}

void describe(Fields<LimitingArguments>& fields) {
    using Arguments = LimitingArguments;
    fields.include<SphereArguments>();
    fields.required("geometry", &Arguments::geometry, "What to build: chain, plane or sphere")
        .one_of({"chain", "plane", "sphere"});
    fields.optional("configuration", &Arguments::configuration,
                    "Which one; by default lineal, plano or cuboctaedro (packing CS: cubo, HC: esfera)");
    fields.optional("packing", &Arguments::packing,
                    "HC hexagonal close packing, CS simple cubic, CCC face-centred cubic; by default the "
                    "configuration's own");
    fields
        .optional("layers", &Arguments::layers,
                  "Size: spheres in the line (lineal, default 10), in each arm, rings around the centre, "
                  "shells, or spheres along an edge (default 3). At most " +
                      grouped(largest_structure) + " spheres in all")
        .range(1, largest_structure);
    fields
        .optional("n_particles", &Arguments::n_particles,
                  "Instead of layers: the smallest complete structure with at least this many spheres")
        .range(1, largest_structure);
}

AlgorithmEntry limiting_algorithm() {
    AlgorithmEntry result = entry_for("limiting", "run_limiting_case", run_limiting_case);
    result.grows =
        "Geometries with exactly known Rg, for checking an analysis: chains, planes and compact spheres "
        "of equal particles on a lattice.";
    result.expected_df = {{"chain", 1}, {"plane", 2}, {"sphere", 3}};
    result.limits = {{"spheres", limits_of(result.takes.at("n_particles"))}};
    // The tool wants to be told the geometry; here the configuration says it, or it is a sphere.
    result.run = [run = result.run](Call& call, const Json& given) {
        Json arguments{{"geometry", "sphere"}};
        for (const Configuration each : configurations())
            if (given.value("configuration", "") == name_of(each)) arguments["geometry"] = geometry_of(each);
        arguments.update(given);
        return run(call, arguments);
    };
    return result;
}

Result run_limiting_case(Call& call, const LimitingArguments& arguments) {
    LimitingCase wanted;
    wanted.configuration = configuration_of(arguments);
    wanted.packing = arguments.packing;
    if (wanted.packing && !packing_for(wanted))
        throw invalid_argument("packing", "The configuration " + name_of(wanted.configuration) +
                                              " cannot have the packing " + name_of(*wanted.packing) + ".");
    wanted.sintering = arguments.sintering;
    Run run;
    wanted.layers = layers_of(arguments, wanted, run.warnings);
    const std::string geometry = geometry_of(wanted.configuration);
    run.algorithm = "limiting";
    run.title = "Built a " + geometry + " (" + name_of(wanted.configuration) + ")";
    run.name = arguments.name.value_or("");
    run.df_ideal = geometry == "chain" ? 1 : geometry == "plane" ? 2 : 3;
    run.particle_radius = arguments.particle_radius;
    run.parameters = {{"geometry", geometry},
                      {"configuration", name_of(wanted.configuration)},
                      {"layers", wanted.layers},
                      {"sintering", wanted.sintering}};
    if (arguments.length_unit) run.parameters["length_unit"] = *arguments.length_unit;
    if (const auto packing = packing_for(wanted)) run.parameters["packing"] = name_of(*packing);
    CallObserver observer(call, count_spheres(wanted.configuration, packing_for(wanted), wanted.layers));
    return report(call, run, build_limiting_case(wanted, observer), observer);
}

}  // namespace assistd::simulation
