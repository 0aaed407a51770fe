#include "simulation_input.h"

#include <cmath>

namespace assistd::analysis {

Artifact simulation_artifact(const Call& call, const std::string& handle, const std::string& field) {
    const Artifact artifact = call.artifact(handle);
    if (artifact.kind() != "simulation")
        throw invalid_argument(field, handle + " is an artifact of kind \"" + std::string(artifact.kind()) +
                                          "\", but " + field + " needs a simulation.");
    return artifact;
}

std::vector<Particle> particles_of(const Artifact& simulation, const std::string& field) {
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
    for (std::size_t i = 0; i < particles.size(); ++i) {
        const Particle& particle = particles[i];
        if (!std::isfinite(particle.x + particle.y + particle.z) || !std::isfinite(particle.radius) ||
            particle.radius <= 0)
            throw invalid_argument(field, "The geometry of " + handle + " is damaged: particle " +
                                              std::to_string(i) +
                                              " has no finite position and positive radius.");
    }
    return particles;
}

int dimensions_of(const Artifact& simulation) {
    const Json metadata = simulation.metadata();
    const auto found = metadata.find("dimensions");
    return found != metadata.end() && found->is_number() && found->get<double>() == 2 ? 2 : 3;
}

std::string title_of(const Artifact& simulation) {
    const std::string handle(simulation.handle());
    const Json metadata = simulation.metadata();
    const auto name = metadata.find("name");
    if (name == metadata.end() || !name->is_string() || name->get<std::string>().empty() || *name == handle)
        return handle;
    return name->get<std::string>() + " (" + handle + ")";
}

}  // namespace assistd::analysis
