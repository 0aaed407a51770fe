#include "plot/df_values.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {
namespace {

std::vector<DfValue> values_of(const StudyRecord& study) {
    std::vector<DfValue> values;
    const std::string metric = study.df_metric();
    if (metric.empty())
        throw invalid_argument("source", "The runs of " + study.handle +
                                             " report no fractal dimension (df) that could be plotted.");
    const std::string error =
        metric == "df" ? "df_stderr" : metric.substr(0, metric.size() - 2) + "standard_error";
    for (const RunRecord& run : study.runs)
        if (const auto df = study.number(run, metric))
            values.push_back({*df, study.number(run, error).value_or(0),
                              study.number(run, "n_particles").value_or(0), study.handle});
    return values;
}

}  // namespace

std::string group_of(const Json& metadata) {
    const auto algorithm = metadata.find("algorithm");
    if (algorithm == metadata.end() || !algorithm->is_string()) return "simulation";
    const double dimensions = number_or(metadata, "dimensions", 0);
    // Labels' markup has no escape.
    std::string name;
    for (const char c : algorithm->get<std::string>())
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : ' ';
    if (name == "dla" || name == "cca")
        for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (dimensions == 2 || dimensions == 3) name += dimensions == 2 ? " 2-D" : " 3-D";
    return name;
}

Json what_made(const Json& metadata) {
    Json parameters = metadata.value("parameters", Json());
    if (!parameters.is_object()) parameters = Json::object();
    for (const char* own : {"seed", "name", "project_id"}) parameters.erase(own);
    return {{"algorithm", metadata.value("algorithm", Json())},
            {"dimensions", metadata.value("dimensions", Json())},
            {"n_particles", metadata.value("n_particles", Json())},
            {"parameters", parameters}};
}

bool all_of_one_kind(const Material& material) {
    if (material.study) {
        const auto made = [](const RunRecord& run) { return what_made({{"parameters", run.parameters}}); };
        const auto& runs = material.study->runs;
        return std::all_of(runs.begin(), runs.end(),
                           [&](const RunRecord& run) { return made(run) == made(runs.front()); });
    }
    const auto& all = material.simulations;
    return std::all_of(all.begin(), all.end(), [&](const SimulationRecord& each) {
        return what_made(each.metadata) == what_made(all.front().metadata);
    });
}

std::vector<DfValue> df_values_of(const Material& material) {
    if (material.study) return values_of(*material.study);
    std::vector<DfValue> values;
    for (const SimulationRecord& simulation : material.simulations) {
        const double df = number_or(simulation.metadata, "df", std::nan(""));
        if (std::isfinite(df))
            values.push_back({df, number_or(simulation.metadata, "df_stderr", 0),
                              number_or(simulation.metadata, "n_particles", 0),
                              group_of(simulation.metadata)});
    }
    if (values.empty())
        throw invalid_argument("source", first_handle(material) +
                                             " reports no fractal dimension (df), so there is none to plot.");
    return values;
}

}  // namespace assistd::exporting
