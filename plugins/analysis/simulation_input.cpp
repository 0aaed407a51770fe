#include "simulation_input.h"

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

std::string title_of(const Artifact& simulation) {
    const std::string handle(simulation.handle());
    const Json metadata = simulation.metadata();
    const auto name = metadata.find("name");
    if (name == metadata.end() || !name->is_string() || name->get<std::string>().empty() || *name == handle)
        return handle;
    return name->get<std::string>() + " (" + handle + ")";
}

}  // namespace assistd::analysis
