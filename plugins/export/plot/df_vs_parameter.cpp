// The fractal dimension of a study's runs against a parameter that was varied: the runs, and mean and
// standard deviation at each of its values.

#include <algorithm>
#include <map>

#include "plot/df_values.h"
#include "plot/kind.h"
#include "source.h"
#include "statistics.h"

namespace assistd::exporting {
namespace {

constexpr double wide = 20;  // from a factor like this on an axis is logarithmic

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string parameter_of(const Material& material, const std::vector<std::string>& varied) {
    const std::string& handle = material.study->handle;
    if (varied.empty())
        throw invalid_argument("source", "The runs of " + handle +
                                             " differ by their seeds only; df_distribution shows their Df.");
    if (material.parameter.empty() && varied.size() > 1)
        throw invalid_argument("parameter",
                               handle + " varies " + listed(varied) + "; say which of them to plot against.");
    if (material.parameter.empty()) return varied.front();
    if (std::ranges::find(varied, material.parameter) == varied.end())
        throw invalid_argument(
            "parameter", handle + " does not vary " + material.parameter + ", but " + listed(varied) + ".");
    return material.parameter;
}

struct Runs {
    std::map<double, std::vector<double>> by_value;
    std::size_t count = 0;
};

Runs runs_of(const StudyRecord& study, const std::string& parameter) {
    Runs runs;
    const std::string metric = study.df_metric();
    for (const RunRecord& run : study.runs) {
        const auto x = study.number(run, parameter);
        const auto df = metric.empty() ? std::nullopt : study.number(run, metric);
        if (!x || !df) continue;
        runs.by_value[*x].push_back(*df);
        ++runs.count;
    }
    if (runs.by_value.size() < 2)
        throw invalid_argument("source", "The runs of " + study.handle +
                                             " have no fractal dimensions at two values or more of " +
                                             parameter + ", as numbers.");
    return runs;
}

Plot make(const Material& material) {
    if (!material.study)
        throw invalid_argument(
            "source", "df_vs_parameter shows the runs of a study; " + first_handle(material) + " is none.");
    const StudyRecord& study = *material.study;
    const std::vector<std::string> varied = study.varied();
    const std::string parameter = parameter_of(material, varied);
    const Runs runs = runs_of(study, parameter);
    std::string spoken = parameter == "n_particles" ? "number of particles" : parameter;
    std::ranges::replace(spoken, '_', ' ');
    Plot plot;
    plot.chart.title = "Fractal dimension against " + spoken + " of " + study.handle;
    plot.chart.x_label = spoken;
    plot.chart.y_label = "fractal dimension  *D*_{f}";
    plot.chart.y_scale = Scale::linear;
    const double least = runs.by_value.begin()->first, most = runs.by_value.rbegin()->first;
    plot.chart.x_scale = least > 0 && most / least >= wide ? Scale::logarithmic : Scale::linear;
    plot.file_stem = study.handle + "-df-vs-" + parameter;
    Series all{Mark::ring, grey, {}, {"runs"}};
    Series means{Mark::disc, blue, {}, {}};
    for (const auto& [value, df] : runs.by_value) {
        for (const double one : df) all.points.push_back({value, one});
        const Spread spread = spread_of(df);
        means.points.push_back({value, spread.mean});
        means.errors.push_back(spread.deviation);
    }
    const bool have_spread = all.points.size() > means.points.size();
    means.legend = {label_of_means(have_spread)};
    if (have_spread) plot.chart.series.push_back(std::move(all));
    plot.chart.series.push_back(std::move(means));
    plot.facts = {{"points", runs.count}, {"values", runs.by_value.size()}, {"parameter", parameter}};
    plot.caption =
        "Fractal dimension *D*_{f} against " + spoken +
        (have_spread ? ": the single runs, and mean and standard deviation over the runs of each value"
                     : ": one run of each value") +
        (varied.size() > 1 ? ", whatever their other parameters." : ".");
    if (varied.size() > 1)
        plot.note =
            " The mean at each value is over runs that differ by more than their seeds: " + study.handle +
            " varies " + listed(varied) + ".";
    return plot;
}

}  // namespace

const PlotKind df_vs_parameter_plot{"df_vs_parameter", make};

}  // namespace assistd::exporting
