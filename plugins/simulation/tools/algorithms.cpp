#include "tools/algorithm.h"

namespace assistd::simulation {

std::vector<AlgorithmEntry> algorithms() {
    return {dla_algorithm(),  cca_algorithm(),     ballistic_algorithm(),  ballistic_cc_algorithm(),
            eden_algorithm(), tunable_algorithm(), tunable_cc_algorithm(), limiting_algorithm()};
}

std::vector<std::string> algorithm_names() {
    std::vector<std::string> names;
    for (const AlgorithmEntry& each : algorithms()) names.push_back(each.name);
    return names;
}

std::vector<std::string> AlgorithmEntry::parameters() const {
    std::vector<std::string> names;
    for (const auto& [field, schema] : takes.items())
        if (field != "name" && field != "project_id" && field != "length_unit") names.push_back(field);
    return names;
}

}  // namespace assistd::simulation
