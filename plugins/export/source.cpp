#include "source.h"

#include <algorithm>
#include <cmath>

namespace assistd::exporting {

Artifact artifact_of_kind(const Call& call, const std::string& handle, const std::string& field,
                          const std::vector<std::string>& kinds) {
    const Artifact artifact = call.artifact(handle);
    if (std::find(kinds.begin(), kinds.end(), artifact.kind()) != kinds.end()) return artifact;
    std::string wanted;
    for (const std::string& kind : kinds) wanted += (wanted.empty() ? "" : " or ") + kind;
    throw invalid_argument(field, handle + " is an artifact of kind \"" + std::string(artifact.kind()) +
                                      "\", but " + field + " needs one of kind " + wanted + ".");
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
    return particles;
}

Json document_of(const Artifact& analysis, const std::string& field) {
    Json document = Json::parse(analysis.read_all(), nullptr, false);
    if (!document.is_object())
        throw invalid_argument(field,
                               std::string(analysis.handle()) + " is not an analysis that can be read.");
    return document;
}

Pairs positive_pairs(const Json& data, const char* first, const char* second) {
    Pairs pairs;
    if (!data.is_object() || !data.contains(first) || !data.contains(second)) return pairs;
    const Json& one = data.at(first);
    const Json& other = data.at(second);
    if (!one.is_array() || !other.is_array() || one.size() != other.size()) return pairs;
    for (std::size_t i = 0; i < one.size(); ++i) {
        if (!one[i].is_number() || !other[i].is_number()) continue;
        const double x = one[i].get<double>(), y = other[i].get<double>();
        if (!(x > 0) || !(y > 0) || !std::isfinite(x) || !std::isfinite(y)) continue;
        pairs.first.push_back(x);
        pairs.second.push_back(y);
    }
    return pairs;
}

double number_or(const Json& data, const char* key, double otherwise) {
    const auto found = data.find(key);
    return found != data.end() && found->is_number() ? found->get<double>() : otherwise;
}

}  // namespace assistd::exporting
