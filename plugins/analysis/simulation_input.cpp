#include "simulation_input.h"

#include <map>

namespace assistd::analysis {

int dimensions_of(const Artifact& simulation) {
    const Json metadata = simulation.metadata();
    const auto found = metadata.find("dimensions");
    return found != metadata.end() && found->is_number() && found->get<double>() == 2 ? 2 : 3;
}

std::string length_unit_of(const Json& metadata) {
    const auto found = metadata.find("length_unit");
    return found != metadata.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<double> metres_of(const std::string& unit) {
    static const std::map<std::string, double> known{{"pm", 1e-12}, {"angstrom", 1e-10}, {"nm", 1e-9},
                                                     {"um", 1e-6},  {"mm", 1e-3},        {"m", 1}};
    const auto found = known.find(unit);
    return found == known.end() ? std::nullopt : std::optional(found->second);
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
