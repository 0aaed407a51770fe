#pragma once
// Reads what the tools are given. Everything here throws Failure with a sentence for people.

#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::analysis {

// The artifact of that handle, which must be a simulation; `field` is the argument that named it.
Artifact simulation_artifact(const Call& call, const std::string& handle, const std::string& field);

// The particles of a simulation. Refuses what is no geometry, is empty, or holds a length that is no length.
std::vector<Particle> particles_of(const Artifact& simulation, const std::string& field);

// 2 or 3 as the simulation says, 3 when it says nothing.
int dimensions_of(const Artifact& simulation);

// How the simulation is called in sentences and titles: its own name, if it has one, with its handle.
std::string title_of(const Artifact& simulation);

}  // namespace assistd::analysis
