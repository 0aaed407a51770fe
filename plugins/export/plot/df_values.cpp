#include "plot/df_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

#include "plot/kind.h"
#include "properties.h"
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

// What clusters of one algorithm may differ by so that their Df is another one.
constexpr std::array telling_parameters{"sticking_probability",
                                        "growth_probability",
                                        "volume_fraction",
                                        "box_size",
                                        "sigma_g",
                                        "radius_min",
                                        "radius_max",
                                        "sintering",
                                        "sintering_min",
                                        "sintering_std",
                                        "target_df",
                                        "target_kf",
                                        "configuration"};

// "DLA 3-D, sticking probability 0.1": with what differs between simulations of one name.
std::vector<std::string> groups_that_differ(const std::vector<SimulationRecord>& simulations) {
    std::vector<std::string> plain, names;
    for (const SimulationRecord& each : simulations) plain.push_back(group_of(each.metadata));
    names = plain;
    const auto value = [](const SimulationRecord& simulation, const char* parameter) {
        return what_made(simulation.metadata).at("parameters").value(parameter, Json());
    };
    for (const char* parameter : telling_parameters)
        for (std::size_t i = 0; i < simulations.size(); ++i) {
            const Json own = value(simulations[i], parameter);
            bool differs = false;
            for (std::size_t j = 0; j < simulations.size(); ++j)
                differs |= plain[j] == plain[i] && value(simulations[j], parameter) != own;
            if (!differs || own.is_null()) continue;
            std::string words = std::string(parameter) + " " + shown_value(parameter, own, "");
            // Labels' markup has no escape.
            for (char& c : words)
                if (c == '_' || c == '*' || c == '^') c = ' ';
            names[i] += ", " + words;
        }
    // Of too many to be told apart the algorithm says at least something.
    return std::set<std::string>(names.begin(), names.end()).size() > most_curves ? plain : names;
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
    const std::vector<std::string> groups = groups_that_differ(material.simulations);
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
