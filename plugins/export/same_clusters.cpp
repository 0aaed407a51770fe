#include "same_clusters.h"

#include <algorithm>

namespace assistd::exporting {
namespace {

// Null when the simulation does not say enough to be known again.
Json made_by(const Json& metadata) {
    Json parameters = metadata.value("parameters", Json());
    const bool is_built = metadata.value("algorithm", Json()) == "limiting";
    if (!parameters.is_object() || parameters.empty()) return nullptr;
    if (!metadata.value("seed", Json()).is_number() && !is_built) return nullptr;
    for (const char* said : {"name", "project_id", "length_unit"}) parameters.erase(said);
    Json made{{"parameters", parameters}};
    for (const char* key : {"algorithm", "version", "seed", "dimensions", "n_particles", "rg", "df"})
        made[key] = metadata.value(key, Json());
    return made;
}

}  // namespace

std::string SameClusters::told() const {
    std::string text;
    for (const std::string& copy : copies) text += (text.empty() ? " " : ", ") + copy;
    return text.empty() ? text
                        : text + ": the same seed and parameters, bit by bit. Each cluster counts once.";
}

SameClusters distinct_clusters(const std::vector<SimulationRecord>& simulations) {
    SameClusters all;
    std::vector<Json> made;  // of the distinct ones
    for (const SimulationRecord& each : simulations) {
        const Json own = made_by(each.metadata);
        const auto same = own.is_null() ? made.end() : std::find(made.begin(), made.end(), own);
        if (same != made.end()) {
            const auto place = static_cast<std::size_t>(same - made.begin());
            all.copies.push_back(each.handle + " is the same cluster as " + all.distinct[place]->handle);
            continue;
        }
        made.push_back(own);
        all.distinct.push_back(&each);
    }
    return all;
}

}  // namespace assistd::exporting
