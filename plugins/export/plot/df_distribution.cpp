// How the fractal dimensions of several clusters are distributed: a histogram and, of clusters that differ by
// their seeds only, their mean with the normal curve of the same mean and standard deviation. Of others a
// mean over all would say nothing; the bars of several kinds stand on one another.

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <numbers>

#include "plot/df_values.h"
#include "plot/kind.h"
#include "same_clusters.h"
#include "statistics.h"

namespace assistd::exporting {
namespace {

constexpr std::size_t fewest = 3;
constexpr int curve_steps = 120;

// The expected count in a bin of that width, over four standard deviations.
Series normal_curve(const Spread& spread, double width) {
    Series curve{Mark::line, vermilion, {}, {"normal distribution"}};
    const double height =
        static_cast<double>(spread.count) * width / (spread.deviation * std::sqrt(2 * std::numbers::pi));
    for (int i = 0; i <= curve_steps; ++i) {
        const double z = -4 + 8.0 * i / curve_steps;
        curve.points.push_back({spread.mean + z * spread.deviation, height * std::exp(-z * z / 2)});
    }
    return curve;
}

void add_mean(Plot& plot, const Spread& spread, double width) {
    if (spread.deviation > 0) plot.chart.series.push_back(normal_curve(spread, width));
    double top = 0;
    for (const Series& series : plot.chart.series)
        for (const Point& point : series.points) top = std::max(top, point.y);
    plot.chart.series.push_back({Mark::dashes,
                                 black,
                                 {{spread.mean, 0}, {spread.mean, 1.05 * top}},
                                 {"mean " + number_label(spread.mean, spread.standard_error()),
                                  "std " + uncertain_number(spread.mean, spread.deviation).error}});
    plot.facts.update(
        {{"mean", spread.mean}, {"mean_error", spread.standard_error()}, {"std", spread.deviation}});
    plot.caption +=
        " Curve: the normal distribution of the same mean and standard deviation; the error of the mean is "
        "the standard error.";
}

// How far clusters are from the mean of their kind, so that kinds which lie apart make no wider bins. Empty
// of one kind.
std::vector<double> scatter_within(const DfValues& values) {
    std::vector<double> scatter;
    if (values.kinds.size() == 1) return scatter;
    for (const KindOfDf& kind : values.kinds) {
        if (kind.values.size() < 2) continue;
        double mean = 0;
        for (const DfValue& value : kind.values) mean += value.df / static_cast<double>(kind.values.size());
        for (const DfValue& value : kind.values) scatter.push_back(value.df - mean);
    }
    return scatter;
}

// The bars of each kind, on those of the kinds after it: whole ones, of which the later ones cover the feet.
void add_bars(Plot& plot, const DfValues& values, const Histogram& histogram) {
    std::vector<double> heights(histogram.counts.size(), 0);
    std::vector<Series> stack;
    for (std::size_t i = values.kinds.size(); i-- > 0;) {
        const KindOfDf& kind = values.kinds[i];
        const std::string count = "*n* = " + std::to_string(kind.values.size());
        Series bars{Mark::bars, values.kinds.size() == 1 ? blue : curve_styles[i].colour, {}, {}};
        bars.legend = {values.kinds.size() == 1 ? count : label_of_kind(kind.name) + ", " + count};
        bars.width = histogram.width;
        for (const DfValue& value : kind.values) ++heights[histogram.bin_of(value.df)];
        for (std::size_t bin = 0; bin < heights.size(); ++bin)
            bars.points.push_back({histogram.centre(bin), heights[bin]});
        stack.push_back(std::move(bars));
    }
    plot.chart.series.assign(stack.rbegin(), stack.rend());
}

// " 3-D CCA: 1.78 ± 0.02 (n = 8); 3-D DLA: …": the mean of each kind, with its standard error.
std::string told_means(const Json& kinds) {
    std::string text;
    for (const Json& kind : kinds) {
        text += (text.empty() ? " Mean \u00b1 standard error of each kind: " : "; ") +
                kind.at("kind").get<std::string>() + ": ";
        text += kind.contains("mean") ? with_error(kind.at("mean"), kind.at("mean_error")) +
                                            " (n = " + kind.at("count").dump() + ")"
                                      : "one cluster";
    }
    return text + ".";
}

void add_kinds(Plot& plot, const DfValues& values) {
    plot.facts["kinds"] = kinds_told(values);
    plot.caption += " The bars of the kinds stand on one another." + values.together;
    plot.note += values.together.empty()
                     ? " They are of different kinds, so there is no mean over all of them." +
                           told_means(plot.facts["kinds"])
                     : values.together + " There is no mean over them.";
}

// Of a study each run has parameters or a seed of its own.
Material without_copies(const Material& all, const SameClusters& same) {
    Material material = all;
    material.simulations.clear();
    for (const SimulationRecord* each : same.distinct) material.simulations.push_back(*each);
    return material;
}

Plot make(const Material& all) {
    const SameClusters same = distinct_clusters(all.simulations);
    const Material material = without_copies(all, same);
    const DfValues values = df_values_of(material);
    const std::vector<double> df = values.all();
    if (df.size() < fewest)
        throw invalid_argument("source", "A distribution needs the fractal dimensions of at least " +
                                             std::to_string(fewest) + " clusters; there " +
                                             (df.size() == 1 ? "is 1" : "are " + std::to_string(df.size())) +
                                             "; name further simulations in overlay, or plot a study." +
                                             same.told());
    const Spread spread = spread_of(df);
    const Histogram histogram = histogram_of(df, scatter_within(values));

    Plot plot;
    const std::string of = material.study ? material.study->handle : names_of(material.simulations);
    plot.chart.title = "Distribution of the fractal dimension of " + of;
    plot.chart.x_label = "fractal dimension  *D*_{f}";
    plot.chart.y_label = "number of clusters";
    plot.chart.x_scale = Scale::linear;
    plot.chart.y_scale = Scale::counts;
    add_bars(plot, values, histogram);
    plot.file_stem =
        (material.study ? material.study->handle : material.simulations.front().handle) + "-df-distribution";
    plot.facts = {{"points", df.size()}, {"bin_width", histogram.width}, {"bins", histogram.counts.size()}};
    plot.caption = "Distribution of the fractal dimension *D*_{f} of " + std::to_string(df.size()) +
                   " clusters, in bins of the Freedman\u2013Diaconis width." + same.told();
    plot.note = same.told();
    if (values.kinds.size() > 1 || !values.together.empty())
        add_kinds(plot, values);
    else if (all_of_one_kind(material))
        add_mean(plot, spread, histogram.width);
    else
        for (std::string* told : {&plot.caption, &plot.note})
            *told += " They differ by more than their seeds, so that no mean of all is shown.";
    return plot;
}

}  // namespace

const PlotKind df_distribution_plot{"df_distribution", make};

}  // namespace assistd::exporting
