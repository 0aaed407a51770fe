// The fractal dimension against the number of particles. Of one simulation: the local dimension along its
// growth, d ln N / d ln Rg in a window of one decade of N. Of several: one point for each, with the error of
// its fit, in a style for each kind. Of a study: its runs, with mean and standard deviation at each N; of one
// with several kinds the means of each.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "plot/df_values.h"
#include "plot/kind.h"
#include "source.h"
#include "statistics.h"

namespace assistd::exporting {
namespace {

constexpr double first_n = 10;  // smaller clusters are not fractal yet; so does the simulation's own fit
constexpr double half_window = 3.1622776601683795;  // a factor: half a decade
constexpr std::size_t fewest_in_window = 5;

struct Local {
    std::vector<Point> points;
    std::vector<double> errors;
};

Local local_dimension(const Pairs& growth) {
    Local local;
    const std::size_t count = growth.first.size();
    const double last = count == 0 ? 0 : growth.first.back();
    for (std::size_t i = 0; i < count; ++i) {
        const double n = growth.first[i];
        if (n / half_window < first_n || n * half_window > last * (1 + 1e-9)) continue;
        std::vector<double> ln_rg, ln_n;
        for (std::size_t j = 0; j < count; ++j) {
            if (growth.first[j] < n / half_window || growth.first[j] > n * half_window) continue;
            ln_rg.push_back(std::log(growth.second[j]));
            ln_n.push_back(std::log(growth.first[j]));
        }
        if (ln_n.size() < fewest_in_window) continue;
        const auto line = line_through(ln_rg, ln_n);
        if (!line) continue;
        local.points.push_back({n, line->slope});
        local.errors.push_back(line->slope_error);
    }
    return local;
}

void add_growth(Plot& plot, const SimulationRecord& simulation) {
    const Local local =
        local_dimension(positive_pairs(simulation.metadata.value("rg_evolution", Json()), "n", "rg"));
    if (local.points.size() < 2)
        throw invalid_argument("source",
                               simulation.handle +
                                   " reports no growth curve over more than one decade of N (from N = 10 "
                                   "on), which a local dimension needs.");
    Series curve{Mark::disc, blue, local.points, {simulation.handle + ", local"}};
    curve.is_curve = true;
    plot.chart.series.push_back(std::move(curve));
    plot.facts = {{"points", local.points.size()}};
    plot.caption =
        "Local fractal dimension d ln *N* / d ln *R*_{g} along the growth, from a straight line through one "
        "decade of *N* about each point. Line: *D*_{f} of the whole fit, over the sizes that were fitted.";
    const double df = number_or(simulation.metadata, "df", 0);
    if (!(df > 0)) return;
    const double error = number_or(simulation.metadata, "df_stderr", 0);
    double from = local.points.front().x, to = local.points.back().x;
    const Json fitted = simulation.metadata.value("fit_range", Json());
    if (fitted.is_array() && fitted.size() == 2 && fitted[0].is_number() && fitted[1].is_number() &&
        fitted[0] > 0 && fitted[1] > fitted[0]) {
        from = fitted[0].get<double>();
        to = fitted[1].get<double>();
    }
    plot.chart.series.push_back(
        {Mark::line, vermilion, {{from, df}, {to, df}}, {"fit: *D*_{f} = " + number_label(df, error)}});
    plot.facts.update({{"df", df}, {"df_error", error}, {"fit_range", {from, to}}});
}

// The clusters of each kind as points of one style.
void add_simulations(Plot& plot, const DfValues& values) {
    std::size_t style = 0, points = 0;
    for (const KindOfDf& kind : values.kinds) {
        Series series{curve_styles[style].mark, curve_styles[style].colour, {}, {label_of_kind(kind.name)}};
        ++style;
        for (const DfValue& value : kind.values) {
            if (!(value.n > 0)) continue;
            series.points.push_back({value.n, value.df});
            series.errors.push_back(value.error);
        }
        points += series.points.size();
        if (!series.points.empty()) plot.chart.series.push_back(std::move(series));
    }
    if (points == 0)
        throw invalid_argument("source", "None of these simulations reports its number of particles.");
    plot.facts = {{"points", points}};
    plot.caption =
        "Fractal dimension *D*_{f} against the number of particles *N*, one point for each cluster; bars are "
        "the standard errors of the fits." +
        values.together;
}

Series means_of(const KindOfDf& kind, CurveStyle style) {
    std::map<double, std::vector<double>> by_n;
    for (const DfValue& value : kind.values)
        if (value.n > 0) by_n[value.n].push_back(value.df);
    Series means{style.mark, style.colour, {}, {label_of_kind(kind.name)}};
    for (const auto& [n, df] : by_n) {
        const Spread spread = spread_of(df);
        means.points.push_back({n, spread.mean});
        means.errors.push_back(spread.deviation);
    }
    return means;
}

// The runs of one kind, or of kinds that have no style each.
Series runs_of(const KindOfDf& kind, CurveStyle style) {
    Series runs{style.mark, style.colour, {}, {label_of_kind(kind.name)}};
    for (const DfValue& value : kind.values)
        if (value.n > 0) runs.points.push_back({value.n, value.df});
    return runs;
}

void add_study(Plot& plot, const DfValues& values, const std::string& handle) {
    std::set<double> sizes;
    std::size_t points = 0;
    for (const KindOfDf& kind : values.kinds)
        for (const DfValue& value : kind.values)
            if (value.n > 0) {
                sizes.insert(value.n);
                ++points;
            }
    if (sizes.size() < 2)
        throw invalid_argument(
            "source", sizes.empty() ? "The runs of " + handle + " do not say how many particles they have."
                                    : "All runs of " + handle +
                                          " have the same number of particles; df_distribution shows "
                                          "their Df.");
    plot.facts = {{"points", points}, {"sizes", sizes.size()}};
    const std::string shown = "Fractal dimension *D*_{f} against the number of particles *N*: ";
    const bool is_one_kind = values.kinds.size() == 1 && values.together.empty();
    if (is_one_kind) {
        Series runs = runs_of(values.kinds.front(), {Mark::ring, grey});
        Series means = means_of(values.kinds.front(), {Mark::disc, blue});
        const bool have_spread = runs.points.size() > means.points.size();
        runs.legend = {"runs"};
        means.legend = {label_of_means(have_spread)};
        if (have_spread) plot.chart.series.push_back(std::move(runs));
        plot.chart.series.push_back(std::move(means));
        plot.caption =
            shown + (have_spread
                         ? "the single runs, and mean and standard deviation over the runs of each *N*."
                         : "one run of each *N*.");
        return;
    }
    for (std::size_t i = 0; i < values.kinds.size(); ++i)
        plot.chart.series.push_back(values.together.empty() ? means_of(values.kinds[i], curve_styles[i])
                                                            : runs_of(values.kinds[i], curve_styles[i]));
    plot.caption =
        shown + (values.together.empty() ? "mean and standard deviation over the runs of each kind and *N*."
                                         : "the single runs." + values.together);
}

Plot make(const Material& material) {
    Plot plot;
    const auto& simulations = material.simulations;
    if (simulations.empty() && !material.study) curves_of(material);  // says why there is nothing to plot
    const std::string of = material.study ? material.study->handle : names_of(simulations);
    plot.chart.title = "Fractal dimension against number of particles of " + of;
    plot.chart.x_label = "number of particles  *N*";
    plot.chart.y_label = "fractal dimension  *D*_{f}";
    plot.chart.y_scale = Scale::linear;
    plot.file_stem = (material.study ? of : simulations.front().handle) + "-df-vs-n";
    if (!material.study && simulations.size() == 1) {
        add_growth(plot, simulations.front());
        return plot;
    }
    const DfValues values = df_values_of(material);
    if (material.study)
        add_study(plot, values, of);
    else
        add_simulations(plot, values);
    plot.note = values.together;
    if (values.kinds.size() > 1) plot.facts["kinds"] = kinds_told(values);
    return plot;
}

}  // namespace

const PlotKind df_vs_n_plot{"df_vs_n", make};

}  // namespace assistd::exporting
