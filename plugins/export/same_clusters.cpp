#include "same_clusters.h"

#include "clusters/same_cluster.h"

namespace assistd::exporting {
std::string SameClusters::told() const {
    std::string text;
    for (const std::string& copy : copies) text += (text.empty() ? " " : ", ") + copy;
    return text.empty() ? text
                        : text + ": the same seed and parameters, bit by bit. Each cluster counts once.";
}

SameClusters distinct_clusters(const std::vector<SimulationRecord>& simulations) {
    std::vector<Json> said;
    for (const SimulationRecord& each : simulations) said.push_back(each.metadata);
    const std::vector<std::size_t> first = clusters::first_of_same(said);
    SameClusters all;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i] == i)
            all.distinct.push_back(&simulations[i]);
        else
            all.copies.push_back(simulations[i].handle + " is the same cluster as " +
                                 simulations[first[i]].handle);
    }
    return all;
}

}  // namespace assistd::exporting
