#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "fraktal/look.h"
#include "fraktal/projection.h"
#include "fraktal/report.h"
#include "simulation_input.h"
#include "space.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

constexpr std::int64_t largest_seed = 2147483647;
constexpr double density_of_soot = 1.85;  // g/cm^3
// From here on the number of particles that was found is another one than the number there is: of aggregates
// that the models describe, single views scatter by less.
constexpr double largest_miscount = 0.3;

double mean_diameter(const std::vector<Particle>& particles) {
    double sum = 0;
    for (const Particle& particle : particles) sum += 2 * particle.radius;
    return sum / static_cast<double>(particles.size());
}

// How much particles overlap those that they stuck to: the mean of (sum of radii) / distance. 1 when no
// particle says which one it stuck to, and for gaps.
double delta_of(const std::vector<Particle>& particles) {
    double sum = 0;
    std::size_t pairs = 0;
    for (const Particle& particle : particles) {
        if (particle.parent < 0 || static_cast<std::size_t>(particle.parent) >= particles.size()) continue;
        const Particle& other = particles[static_cast<std::size_t>(particle.parent)];
        const double apart = std::hypot(particle.x - other.x, particle.y - other.y, particle.z - other.z);
        if (!(apart > 0)) continue;
        sum += (particle.radius + other.radius) / apart;
        ++pairs;
    }
    const double delta = pairs > 0 ? sum / static_cast<double>(pairs) : 1;
    return delta < 1 + 1e-6 ? 1 : delta;  // touching, but for rounding
}

ProjectionAxis axis_of(const FraktalArguments& arguments) {
    return arguments.axis.value_or(arguments.views > 1 ? ProjectionAxis::random : ProjectionAxis::z);
}

struct View {
    Direction direction{};
    Json seed = nullptr;
};

// The only one, or the first of several.
View view_of(const FraktalArguments& arguments) {
    const ProjectionAxis axis = axis_of(arguments);
    if (arguments.views > 1 && axis != ProjectionAxis::random)
        throw invalid_argument("axis", "Several views look from random directions; leave axis out.");
    if (arguments.seed && axis != ProjectionAxis::random)
        throw invalid_argument("seed", "seed draws a random direction and goes with axis random only.");
    switch (axis) {
        case ProjectionAxis::x:
            return {{1, 0, 0}};
        case ProjectionAxis::y:
            return {{0, 1, 0}};
        case ProjectionAxis::z:
            return {{0, 0, 1}};
        case ProjectionAxis::random:
            break;
    }
    std::int64_t seed = arguments.seed.value_or(0);
    if (seed == 0) {
        std::random_device entropy;
        seed = 1 + entropy() % largest_seed;
    }
    return {random_direction(static_cast<std::uint64_t>(seed)), seed};
}

std::string name_of(ProjectionAxis axis) {
    switch (axis) {
        case ProjectionAxis::x:
            return "x";
        case ProjectionAxis::y:
            return "y";
        case ProjectionAxis::z:
            return "z";
        case ProjectionAxis::random:
            break;
    }
    return "random";
}

double along(ProjectionAxis axis, const Particle& particle) {
    return axis == ProjectionAxis::x ? particle.x : axis == ProjectionAxis::y ? particle.y : particle.z;
}

bool is_flat_along(ProjectionAxis axis, const std::vector<Particle>& particles) {
    const double first = along(axis, particles.front());
    return std::all_of(particles.begin(), particles.end(),
                       [&](const Particle& particle) { return along(axis, particle) == first; });
}

// A cluster that grew in a plane is a line to one who looks along that plane.
void refuse_edge_on(const FraktalArguments& arguments, const std::vector<Particle>& particles) {
    const ProjectionAxis axis = axis_of(arguments);
    if (axis == ProjectionAxis::random || dimensions_of(arguments.simulation) != 2 ||
        is_flat_along(axis, particles))
        return;
    for (const ProjectionAxis across : {ProjectionAxis::z, ProjectionAxis::y, ProjectionAxis::x})
        if (is_flat_along(across, particles))
            throw invalid_argument("axis", std::string(arguments.simulation.handle()) +
                                               " is a flat cluster, and along " + name_of(axis) +
                                               " one looks into its own plane, where its particles hide one "
                                               "another. Take axis " +
                                               name_of(across) + ", which looks straight onto it.");
}

// The silhouette alone cannot tell how much lies behind it; the simulation can.
void add_count_warning(FraktalReport& report, std::size_t particles) {
    if (!report.result.npo) return;
    const double there = static_cast<double>(particles), found = *report.result.npo;
    if (std::abs(found - there) <= largest_miscount * there) return;
    char text[320];
    std::snprintf(
        text, sizeof text,
        "The model finds %.0f primary particles where the simulation has %zu, %.3g times as many: it "
        "does not describe %s of this cluster, so Df, kf, volume, mass and surface area are "
        "not to be relied on.",
        found, particles, found / there, report.means.empty() ? "this view" : "these views");
    report.warnings.push_back(text);
}

// What the simulation says of itself in three dimensions, to compare with.
Json reported(const Json& metadata) {
    Json values = Json::object();
    for (const char* key : {"df", "kf", "rg", "n_particles"})
        if (const auto found = metadata.find(key); found != metadata.end() && found->is_number())
            values[key] = *found;
    return values;
}

// In nanometres, where the simulation says in which unit its lengths are.
std::optional<double> known_diameter(const Json& metadata, double mean_in_own_unit) {
    const auto metres = metres_of(length_unit_of(metadata));
    return metres ? std::optional(mean_in_own_unit * *metres / 1e-9) : std::nullopt;
}

// A diameter in nanometres contradicts a simulation whose radii were given in a unit, when it is neither the
// mean diameter nor twice the radius that the simulation names.
void refuse_contradiction(const FraktalArguments& arguments, double mean_in_own_unit) {
    if (!arguments.primary_diameter_nm) return;
    const Json metadata = arguments.simulation.metadata();
    const auto mean = known_diameter(metadata, mean_in_own_unit);
    if (!mean) return;
    constexpr double rounded = 0.05;  // as far as people round a diameter
    const double given = *arguments.primary_diameter_nm;
    const Json radius = metadata.value("particle_radius", Json());
    const double nominal = radius.is_number() ? 2 * radius.get<double>() * *mean / mean_in_own_unit : *mean;
    if (std::abs(given / *mean - 1) <= rounded || std::abs(given / nominal - 1) <= rounded) return;
    char text[320];
    std::snprintf(text, sizeof text,
                  "primary_diameter_nm is %.4g, but the particles of %s are %.4g nm across in the mean (its "
                  "lengths are in %s). Give %.4g, or leave it out, which means the same.",
                  given, std::string(arguments.simulation.handle()).c_str(), *mean,
                  length_unit_of(metadata).c_str(), *mean);
    throw invalid_argument("primary_diameter_nm", text);
}

// As given, or as the simulation knows it; nothing where nobody says how large a particle is.
std::optional<double> diameter_nm(const FraktalArguments& arguments, const std::vector<Particle>& particles) {
    if (arguments.primary_diameter_nm) return arguments.primary_diameter_nm;
    return known_diameter(arguments.simulation.metadata(), mean_diameter(particles));
}

FraktalOptions options_of(const FraktalArguments& arguments, const std::vector<Particle>& particles) {
    FraktalOptions options;
    options.model = arguments.model;
    options.delta = arguments.delta.value_or(delta_of(particles));
    options.correction_3d = arguments.correction_3d;
    const double diameter = mean_diameter(particles);
    refuse_contradiction(arguments, diameter);
    options.primary_diameter =
        diameter_nm(arguments, particles).value_or(diameter);  // else in the simulation's own unit
    options.nanometres = 1;
    if (options.delta > largest_delta)
        throw invalid_argument(
            "simulation", "The particles of " + std::string(arguments.simulation.handle()) +
                              " overlap more than the FRAKTAL models describe (diameter over distance must "
                              "be at most 1.5). Give a delta of your own if that is what you want.");
    if (options.correction_3d && !diameter_nm(arguments, particles))
        throw invalid_argument(
            "primary_diameter_nm",
            "correction_3d is a fit in nanometres; give primary_diameter_nm, how large a primary "
            "particle is.");
    return options;
}

// `density`: null when it is not given and there is no mass.
Json parameters_of(const FraktalArguments& arguments, const FraktalOptions& options, const View& view,
                   const Json& density) {
    Json parameters{{"model", name_of(arguments.model)},
                    {"axis", name_of(axis_of(arguments))},
                    {"delta", options.delta},
                    {"correction_3d", arguments.correction_3d},
                    {"density", density},
                    {"seed", view.seed}};
    parameters["primary_diameter_nm"] =
        arguments.primary_diameter_nm ? Json(*arguments.primary_diameter_nm) : Json(nullptr);
    parameters["pixels_per_diameter"] =
        arguments.pixels_per_diameter ? Json(*arguments.pixels_per_diameter) : Json(nullptr);
    if (arguments.views > 1) parameters["views"] = arguments.views;
    return parameters;
}

}  // namespace

void describe(Names<ProjectionAxis>& names) {
    names.add("x", ProjectionAxis::x)
        .add("y", ProjectionAxis::y)
        .add("z", ProjectionAxis::z)
        .add("random", ProjectionAxis::random);
}

void describe(Fields<FraktalArguments>& fields) {
    using Arguments = FraktalArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to project and analyze")
        .kinds({"simulation"});
    fields.optional(
        "model", &Arguments::model,
        "granulated_2012 for agglomerates of spheres (usual), voxel_2018 for objects without visible "
        "primary particles");
    fields.optional(
        "axis", &Arguments::axis,
        "Direction of view: along x, y or z, or a random one; z when left out, of several views random");
    fields
        .optional(
            "views", &Arguments::views,
            "From how many random directions to look; more than 1 gives the mean of each quantity over the "
            "views with its standard error, and each view")
        .range(1, 100);
    fields
        .optional(
            "seed", &Arguments::seed,
            "Seed of a random direction, of several views the first one's; drawn and reported when left out")
        .range(1, largest_seed);
    fields
        .optional(
            "primary_diameter_nm", &Arguments::primary_diameter_nm,
            "Mean diameter of a primary particle in nanometres; that of the simulation when left out and the "
            "simulation has a length unit. With either all results are in nm and the mass is known; without "
            "both lengths are in the simulation's own unit. Must not contradict a simulation that names its "
            "unit")
        .more_than(0)
        .at_most(1e6);
    fields
        .optional("density", &Arguments::density,
                  "Density of the material in g/cm^3, for the mass; 1.85, that of soot, when left out")
        .more_than(0)
        .at_most(25);
    fields
        .optional(
            "delta", &Arguments::delta,
            "Overlap of the primary particles, diameter over distance of centres (1 = touching); that of the "
            "simulation when left out")
        .range(1, largest_delta);
    fields.optional("correction_3d", &Arguments::correction_3d,
                    "Adds to Rg what the projection takes away, by FRAKTAL's fit for soot; needs "
                    "primary_diameter_nm or a simulation with a length unit");
    fields
        .optional(
            "pixels_per_diameter", &Arguments::pixels_per_diameter,
            "Pixels of the projected picture along a mean particle diameter; 20 when left out, fewer for "
            "large clusters")
        .range(fewest_pixels_per_diameter, 200);
}

Result run_fraktal_analysis(Call& call, const FraktalArguments& arguments) {
    const View view = view_of(arguments);
    const std::vector<Particle> particles = particles_of(arguments.simulation, "simulation");
    refuse_edge_on(arguments, particles);
    FraktalReport report;
    report.options = options_of(arguments, particles);
    report.in_nanometres = diameter_nm(arguments, particles).has_value();
    report.density = arguments.density.value_or(density_of_soot);
    const Json density = arguments.density || report.in_nanometres ? Json(report.density) : Json(nullptr);
    report.key = {"fraktal", "run_fraktal_analysis", std::string(arguments.simulation.handle()),
                  parameters_of(arguments, report.options, view, density)};
    if (std::optional<Result> stored = stored_result(call, report.key)) return *stored;
    report.title = title_of(arguments.simulation);
    report.suffix = "-fraktal.json";
    report.subject = arguments.simulation.metadata();
    report.particles = particles.size();
    call.progress(0.1, "projecting the particles");
    try {
        const Camera camera(call, particles, arguments.pixels_per_diameter.value_or(0),
                            *report.options.primary_diameter / mean_diameter(particles));
        report.details = {{"simulation", report.key.source},
                          {"projection", {{"axis", name_of(axis_of(arguments))}, {"seed", view.seed}}},
                          {"simulation_reports", reported(report.subject)}};
        if (arguments.views > 1)
            look_around(call, camera, view.seed.get<std::int64_t>(), arguments.views, report);
        else
            look_once(call, camera, view.direction, report);
    } catch (const ProjectionRefused& refused) {
        throw invalid_argument(arguments.pixels_per_diameter ? "pixels_per_diameter" : "simulation",
                               refused.what());
    } catch (const FraktalRefused& refused) {
        throw invalid_argument(
            "simulation", "FRAKTAL analysis of " + report.key.source + " is not possible. " + refused.what() +
                              " run_box_counting measures the simulation itself, in space.");
    }
    add_model_warnings(report);
    if (arguments.density && !report.in_nanometres)
        report.warnings.push_back(
            "The density is of no use: how large a particle is in nanometres is not known, so there is no "
            "mass. Give primary_diameter_nm, or a simulation that was made with a length_unit.");
    add_count_warning(report, particles.size());
    if (const std::string why = why_not_of_space(report.result.df, dimensions_of(arguments.simulation));
        !why.empty())
        report.warnings.push_back("The dimension is " + why);
    // At the top, where the daemon looks for it: a view that was drawn can then be made again.
    if (!view.seed.is_null()) report.details["seed"] = view.seed;
    return store(call, report);
}

}  // namespace assistd::analysis
