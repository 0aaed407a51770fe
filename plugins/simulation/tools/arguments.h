#pragma once
// Arguments that several simulation tools share: seed, sizes, sintering. Each throws assistd::Failure with a
// sentence that names the field and its bound, for what a JSON schema cannot say. Any thread.

#include <assistd/plugin.hpp>
#include <string>

#include "engine/size_law.h"

namespace assistd::simulation {

// Refuses an integer outside low..high; `of` says what the bound holds for ("in 3-D").
std::int64_t bounded_integer(const Json& arguments, const std::string& field, std::int64_t low,
                             std::int64_t high, const std::string& of);
double bounded_number(const Json& arguments, const std::string& field, double fallback, double low,
                      double high);

// The caller's seed, or one drawn from 1..2^31-1.
std::uint64_t seed_of(const Json& arguments);

// The law of the radii in units of a, and a itself in the caller's unit: particle_radius, or the middle of
// radius_min..radius_max.
struct Sizes {
    SizeLaw law;
    double unit = 1;
};
Sizes sizes_of(const Json& arguments);

SinteringLaw sintering_of(const Json& arguments);

}  // namespace assistd::simulation
