#include "tools/arguments.h"

#include <cmath>
#include <random>

namespace assistd::simulation {

namespace {

constexpr std::uint64_t largest_seed = 2147483647;
constexpr double least_radius = 1e-12, largest_radius = 1e12;
constexpr double least_sintering = 0.5;
constexpr int largest_ratio = 50;  // of radii

// The law in units of a, and a.
std::pair<SizeLaw, double> sizes_of(const GrowthArguments& arguments) {
    const auto& low = arguments.radius_min;
    const auto& high = arguments.radius_max;
    if (low.has_value() != high.has_value())
        throw invalid_argument(low ? "radius_max" : "radius_min",
                               "radius_min and radius_max must be given together.");
    if (!low) return {SizeLaw::lognormal(arguments.sigma_g), arguments.particle_radius};
    if (arguments.sigma_g > 1)
        throw invalid_argument("sigma_g",
                               "Give either radius_min and radius_max (uniform radii) or sigma_g (lognormal "
                               "radii), not both.");
    if (*low > *high) throw invalid_argument("radius_min", "radius_min must not be greater than radius_max.");
    if (*high > largest_ratio * *low)
        throw invalid_argument("radius_max", "radius_max must not be more than " +
                                                 std::to_string(largest_ratio) + " times radius_min.");
    const double middle = 0.5 * (*low + *high);
    const double a = arguments.particle_radius;
    if (a != GrowthArguments().particle_radius && std::abs(a - middle) > 1e-9 * middle)
        throw invalid_argument(
            "particle_radius",
            "particle_radius is the mean of radius_min and radius_max; leave it out, or give "
            "it alone.");
    return {{SizeLaw::Kind::uniform, *low / middle, *high / middle}, middle};
}

SinteringLaw sintering_of(const GrowthArguments& arguments) {
    SinteringLaw law;
    law.value = arguments.sintering;
    if (arguments.sintering_min && arguments.sintering_std)
        throw invalid_argument("sintering_std",
                               "Give either sintering_min (uniform) or sintering_std (normal), not both.");
    if (arguments.sintering_min) {
        law.kind = SinteringLaw::Kind::uniform;
        law.low = *arguments.sintering_min;
        law.high = law.value;
        if (law.low > law.high)
            throw invalid_argument("sintering_min", "sintering_min must not be greater than sintering.");
    } else if (arguments.sintering_std) {
        law.kind = SinteringLaw::Kind::normal;
        law.deviation = *arguments.sintering_std;
    }
    return law;
}

}  // namespace

void describe(Fields<SphereArguments>& fields) {
    using Arguments = SphereArguments;
    fields
        .optional("particle_radius", &Arguments::particle_radius,
                  "Radius of the particles; also the unit of all lengths in the result")
        .range(least_radius, largest_radius);
    fields
        .optional("length_unit", &Arguments::length_unit,
                  "Unit in which lengths are given, such as particle_radius; results, tables and plots then "
                  "name it. Nothing is converted")
        .one_of({"pm", "angstrom", "nm", "um", "mm", "m"});
    fields
        .optional("sintering", &Arguments::sintering,
                  "Distance of two touching particles / sum of their radii: 1 is a point contact, less is an "
                  "overlap")
        .range(least_sintering, 1);
    fields.optional("name", &Arguments::name, "A name for the simulation").max_length(100);
    fields.optional("project_id", &Arguments::project_id, "The project that it belongs to").max_length(100);
}

void describe(Fields<RandomArguments>& fields) {
    using Arguments = RandomArguments;
    fields.include<SphereArguments>();
    fields
        .required("n_particles", &Arguments::n_particles,
                  "Number of particles: " + range_text(smallest_cluster, largest_cluster))
        .range(smallest_cluster, largest_cluster);
    fields
        .optional("sigma_g", &Arguments::sigma_g,
                  "Geometric standard deviation of lognormal radii, whose geometric mean is particle_radius, "
                  "cut off at three of them on both sides; 1 makes all equal")
        .range(1, 3);
    fields
        .optional("seed", &Arguments::seed,
                  "Seed of the random numbers; drawn and reported when absent. The same seed and parameters "
                  "give the same cluster")
        .range(1, largest_seed);
}

void describe(Fields<GrowthArguments>& fields) {
    using Arguments = GrowthArguments;
    fields.include<RandomArguments>();
    fields.optional("dimensions", &Arguments::dimensions, "2 for a flat cluster, 3 for one in space")
        .one_of({2, 3});
    fields
        .optional("radius_min", &Arguments::radius_min,
                  "Smallest radius, for radii that are uniform between radius_min and radius_max (give both; "
                  "particle_radius then becomes their mean)")
        .range(least_radius, largest_radius);
    fields
        .optional("radius_max", &Arguments::radius_max,
                  "Largest radius, at most " + std::to_string(largest_ratio) + " times radius_min")
        .range(least_radius, largest_radius);
    fields
        .optional("sintering_min", &Arguments::sintering_min,
                  "Draws each contact's sintering uniformly between this and sintering")
        .range(least_sintering, 1);
    fields
        .optional("sintering_std", &Arguments::sintering_std,
                  "Draws each contact's sintering from a normal law with the mean sintering and this "
                  "standard deviation, within 0.5..1")
        .more_than(0)
        .at_most(0.5);
}

std::string grouped(std::size_t value) {
    std::string text = std::to_string(value);
    for (std::ptrdiff_t at = std::ptrdiff_t(text.size()) - 3; at > 0; at -= 3)
        text.insert(std::size_t(at), ",");
    return text;
}
std::string range_text(std::size_t low, std::size_t high) {
    return grouped(low) + " to " + grouped(high);
}

void check_range(const std::string& field, std::size_t value, std::size_t low, std::size_t high,
                 const std::string& of) {
    if (value >= low && value <= high) return;
    throw invalid_argument(field, field + " must lie between " + grouped(low) + " and " + grouped(high) +
                                      " " + of + ", not " + grouped(value) + ".");
}

std::uint64_t seed_of(const RandomArguments& arguments) {
    if (arguments.seed) return *arguments.seed;
    std::random_device entropy;
    return 1 + entropy() % largest_seed;
}

double read_growth(const GrowthArguments& arguments, GrowthParameters& parameters) {
    const auto [sizes, unit] = sizes_of(arguments);
    parameters.dimensions = arguments.dimensions;
    parameters.n_particles = arguments.n_particles;
    parameters.sizes = sizes;
    parameters.sintering = sintering_of(arguments);
    parameters.seed = seed_of(arguments);
    return unit;
}

Run describe_run(Json arguments, const GrowthParameters& parameters, double unit,
                 const std::string& algorithm, const std::string& what) {
    const bool flat = parameters.dimensions == 2;
    Run run;
    run.algorithm = algorithm;
    run.title = std::string("Grew a ") + (flat ? "2-D " : "3-D ") + what;
    run.seed = parameters.seed;
    run.name = arguments.value("name", "");
    run.particle_radius = unit;
    run.parameters = std::move(arguments);
    run.parameters["particle_radius"] = unit;
    run.parameters["seed"] = parameters.seed;
    // The deviation of no other law.
    if (parameters.sizes.kind != SizeLaw::Kind::lognormal) run.parameters.erase("sigma_g");
    return run;
}

}  // namespace assistd::simulation
