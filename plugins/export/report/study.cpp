#include "report/study.h"

#include <map>

namespace assistd::exporting {
namespace {

std::string text_at(const Json& data, const char* key) {
    const auto found = data.find(key);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string algorithm_of(const std::string& tool, const Json& parameters) {
    static const std::map<std::string, std::string> grown_by{{"run_dla_simulation", "dla"},
                                                             {"run_cca_simulation", "cca"},
                                                             {"run_ballistic_simulation", "ballistic"},
                                                             {"run_ballistic_cc_simulation", "ballistic_cc"},
                                                             {"run_eden_simulation", "eden"},
                                                             {"run_limiting_case", "limiting"}};
    if (tool == "run_simulation") return text_at(parameters, "algorithm");
    if (tool == "run_tunable_simulation")
        return text_at(parameters, "method") == "particle_cluster" ? "tunable" : "tunable_cc";
    const auto found = grown_by.find(tool);
    return found == grown_by.end() ? "" : found->second;
}

void merge(Json& into, const Json& more) {
    if (!more.is_object()) return;
    for (const auto& [name, value] : more.items()) into[name] = value;
}

}  // namespace

Json as_simulation(const StudyRecord& study, const RunRecord& run) {
    // What the run was given; the tool's defaults are those of the other runs.
    Json parameters = Json::object();
    if (study.sample.is_object()) merge(parameters, study.sample.value("parameters", Json()));
    merge(parameters, study.about.value("base_parameters", Json()));
    merge(parameters, run.parameters);
    Json simulation{{"parameters", parameters}, {"dimensions", parameters.value("dimensions", Json(3))}};
    const std::string algorithm = algorithm_of(text_at(study.about, "tool"), parameters);
    if (!algorithm.empty()) simulation["algorithm"] = algorithm;
    if (const auto n = study.number(run, "n_particles")) simulation["n_particles"] = *n;
    return simulation;
}

std::string analysis_after(const StudyRecord& study) {
    const std::string tool = text_at(study.about, "then");
    if (tool == "run_box_counting") return "box_counting";
    if (tool == "run_correlation_analysis") return "correlation";
    return tool == "run_fraktal_analysis" ? "fraktal" : "";
}

}  // namespace assistd::exporting
