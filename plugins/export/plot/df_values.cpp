#include "plot/df_values.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "clusters/kinds.h"
#include "plot/kind.h"
#include "report/study.h"
#include "source.h"
#include "statistics.h"

namespace assistd::exporting {
namespace {

// A cluster with a Df, and what it says of itself.
struct Cluster {
    DfValue value;
    Json said;
};

std::vector<Cluster> clusters_of(const StudyRecord& study) {
    const std::string metric = study.df_metric();
    if (metric.empty())
        throw invalid_argument("source", "The runs of " + study.handle +
                                             " report no fractal dimension (df) that could be plotted.");
    const std::string error =
        metric == "df" ? "df_stderr" : metric.substr(0, metric.size() - 2) + "standard_error";
    std::vector<Cluster> found;
    for (const RunRecord& run : study.runs)
        if (const auto df = study.number(run, metric))
            found.push_back(
                {{*df, study.number(run, error).value_or(0), study.number(run, "n_particles").value_or(0)},
                 as_simulation(study, run)});
    return found;
}

std::vector<Cluster> clusters_of(const std::vector<SimulationRecord>& simulations) {
    std::vector<Cluster> found;
    for (const SimulationRecord& each : simulations) {
        const double exact = exact_df(each.metadata);
        const double df = exact > 0 ? exact : number_or(each.metadata, "df", std::nan(""));
        const double error = exact > 0 ? 0 : number_or(each.metadata, "df_stderr", 0);
        if (std::isfinite(df))
            found.push_back({{df, error, number_or(each.metadata, "n_particles", 0)}, each.metadata});
    }
    return found;
}

std::size_t different(const std::vector<std::string>& names) {
    return std::set<std::string>(names.begin(), names.end()).size();
}

}  // namespace

std::vector<double> DfValues::all() const {
    std::vector<double> values;
    for (const KindOfDf& kind : kinds)
        for (const DfValue& value : kind.values) values.push_back(value.df);
    return values;
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

DfValues df_values_of(const Material& material) {
    const std::vector<Cluster> found =
        material.study ? clusters_of(*material.study) : clusters_of(material.simulations);
    if (found.empty())
        throw invalid_argument("source", first_handle(material) +
                                             " reports no fractal dimension (df), so there is none to plot.");
    std::vector<Json> said;
    for (const Cluster& cluster : found) said.push_back(cluster.said);
    std::vector<std::string> names = clusters::kinds_of(said);
    DfValues values;
    if (const std::size_t kinds = different(names); kinds > most_curves) {
        std::transform(said.begin(), said.end(), names.begin(), clusters::kind_of);
        const bool by_growth = different(names) <= most_curves;
        if (!by_growth) names.assign(names.size(), "clusters of all kinds");
        values.together = " They are of " + std::to_string(kinds) + " kinds, and " +
                          std::to_string(most_curves) + " can be told apart in one plot, so that " +
                          (by_growth ? "those of one algorithm look alike." : "all of them look alike.");
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        auto kind = std::find_if(values.kinds.begin(), values.kinds.end(),
                                 [&](const KindOfDf& each) { return each.name == names[i]; });
        if (kind == values.kinds.end()) kind = values.kinds.insert(kind, {names[i], {}});
        kind->values.push_back(found[i].value);
    }
    return values;
}

std::string label_of_means(bool have_spread) {
    return have_spread ? "mean \u00b1 std" : "one run at each value";
}

std::string label_of_kind(std::string name) {
    constexpr std::pair<std::string_view, std::string_view> symbols[] = {
        {"target Df", "target *D*_{f}"}, {"target kf", "target *k*_{f}"}, {"sigma g", "*\u03c3*_{g}"}};
    for (const auto& [words, symbol] : symbols)
        if (const auto at = name.find(words); at != std::string::npos) name.replace(at, words.size(), symbol);
    return name;
}

Json kinds_told(const DfValues& values) {
    Json told = Json::array();
    for (const KindOfDf& kind : values.kinds) {
        std::vector<double> df;
        for (const DfValue& value : kind.values) df.push_back(value.df);
        told.push_back({{"kind", kind.name}, {"count", df.size()}});
        if (df.size() < 2 || !values.together.empty()) continue;
        const Spread spread = spread_of(df);
        told.back().update(
            {{"mean", spread.mean}, {"mean_error", spread.standard_error()}, {"std", spread.deviation}});
    }
    return told;
}

}  // namespace assistd::exporting
