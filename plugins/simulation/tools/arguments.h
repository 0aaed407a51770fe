#pragma once
// What several simulation tools take, each part described once, and what it means to the engine. Functions
// throw assistd::Failure with a sentence that names the field, for what a JSON schema cannot say. Any thread.

#include <assistd/plugin.hpp>
#include <optional>
#include <string>

#include "algorithms/growth_parameters.h"
#include "tools/report.h"

namespace assistd::simulation {

inline constexpr std::size_t smallest_cluster = 10;
inline constexpr std::size_t largest_cluster = 1'000'000;

// Of every simulation.
struct SphereArguments {
    double particle_radius = 1;
    std::optional<std::string> length_unit;
    double sintering = 1;
    std::optional<std::string> name;
    std::optional<std::string> project_id;
};
void describe(Fields<SphereArguments>& fields);

// Of those that draw random numbers.
struct RandomArguments : SphereArguments {
    std::size_t n_particles = 0;
    double sigma_g = 1;
    std::optional<std::uint64_t> seed;
};
void describe(Fields<RandomArguments>& fields);

// Of those that grow freely.
struct GrowthArguments : RandomArguments {
    int dimensions = 3;
    std::optional<double> radius_min;
    std::optional<double> radius_max;
    std::optional<double> sintering_min;
    std::optional<double> sintering_std;
};
void describe(Fields<GrowthArguments>& fields);

// "1,000,000" and "10 to 1,000,000".
std::string grouped(std::size_t value);
std::string range_text(std::size_t low, std::size_t high);
// Refuses what is outside low..high; `of` says what the bound holds for ("in 3-D").
void check_range(const std::string& field, std::size_t value, std::size_t low, std::size_t high,
                 const std::string& of);

// The caller's seed, or one that is drawn.
std::uint64_t seed_of(const RandomArguments& arguments);

// Fills in the parameters and returns a, the unit of the result's lengths: particle_radius, or the middle of
// radius_min..radius_max.
double read_growth(const GrowthArguments& arguments, GrowthParameters& parameters);

// The run as it is reported, with its arguments as JSON; `what` is what grew: "Grew a 3-D {what} of 100
// particles".
Run describe_run(Json arguments, const GrowthParameters& parameters, double unit,
                 const std::string& algorithm, const std::string& what);

}  // namespace assistd::simulation
