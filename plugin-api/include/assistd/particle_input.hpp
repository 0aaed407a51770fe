#pragma once
// What a tool that works on simulations reads of its arguments. Everything here throws Failure with a
// sentence that names the argument.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd {

// The particles of a simulation. Refuses what is no geometry, is empty, or holds a length that is no length.
inline std::vector<Particle> particles_of(const Artifact& simulation, const std::string& field) {
    const std::string handle(simulation.handle());
    if (simulation.size() == 0)
        throw invalid_argument(field, handle + " has no geometry: the simulation stored no particles.");
    std::vector<Particle> particles;
    try {
        particles = read_particles(simulation.read_all());
    } catch (const Failure&) {
        throw;
    } catch (const std::runtime_error&) {
        throw invalid_argument(field,
                               handle + " has no geometry that can be read: it is not a file of particles.");
    }
    if (particles.empty()) throw invalid_argument(field, handle + " has no geometry: it holds no particles.");
    const auto is_whole = [](const Particle& particle) {
        return std::isfinite(particle.x + particle.y + particle.z) && std::isfinite(particle.radius) &&
               particle.radius > 0;
    };
    const auto broken = std::find_if_not(particles.begin(), particles.end(), is_whole);
    if (broken != particles.end())
        throw invalid_argument(field, "The geometry of " + handle + " is damaged: particle " +
                                          std::to_string(broken - particles.begin()) +
                                          " has no finite position and positive radius.");
    return particles;
}

}  // namespace assistd
