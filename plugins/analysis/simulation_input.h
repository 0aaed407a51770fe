#pragma once
// What a simulation says of itself.

#include <optional>
#include <string>

#include "assistd/particle_input.hpp"

namespace assistd::analysis {

// 2 or 3 as the simulation says, 3 when it says nothing.
int dimensions_of(const Artifact& simulation);

// The unit that its lengths were said to be in ("nm"), or nothing.
std::string length_unit_of(const Json& metadata);

// How many metres that is; nothing for a unit that was not named.
std::optional<double> metres_of(const std::string& unit);

// How the simulation is called in sentences and titles: its own name, if it has one, with its handle.
std::string title_of(const Artifact& simulation);

}  // namespace assistd::analysis
