#include "plot/df_values.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "clusters/kinds.h"
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

// The kinds of the clusters; of too many to be told apart what each grew by.
std::vector<std::string> groups_of(const std::vector<SimulationRecord>& simulations) {
    std::vector<Json> said;
    for (const SimulationRecord& each : simulations) said.push_back(each.metadata);
    std::vector<std::string> groups = clusters::kinds_of(said);
    if (std::set<std::string>(groups.begin(), groups.end()).size() > most_curves)
        std::transform(said.begin(), said.end(), groups.begin(), clusters::kind_of);
    return groups;
}

}  // namespace

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
    const std::vector<std::string> groups = groups_of(material.simulations);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const SimulationRecord& simulation = material.simulations[i];
        const double exact = exact_df(simulation.metadata);
        const double df = exact > 0 ? exact : number_or(simulation.metadata, "df", std::nan(""));
        if (std::isfinite(df))
            values.push_back({df, exact > 0 ? 0 : number_or(simulation.metadata, "df_stderr", 0),
                              number_or(simulation.metadata, "n_particles", 0), groups[i]});
    }
    if (values.empty())
        throw invalid_argument("source", first_handle(material) +
                                             " reports no fractal dimension (df), so there is none to plot.");
    return values;
}

}  // namespace assistd::exporting
