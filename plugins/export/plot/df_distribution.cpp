// How the fractal dimensions of several clusters are distributed: a histogram and, of clusters that differ by
// their seeds only, their mean with the normal curve of the same mean and standard deviation. Of others a
// mean would say nothing.

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
    std::vector<double> df;
    for (const DfValue& value : df_values_of(material)) df.push_back(value.df);
    if (df.size() < fewest)
        throw invalid_argument("source", "A distribution needs the fractal dimensions of at least " +
                                             std::to_string(fewest) + " clusters; there " +
                                             (df.size() == 1 ? "is 1" : "are " + std::to_string(df.size())) +
                                             "; name further simulations in overlay, or plot a study." +
                                             same.told());
    const Spread spread = spread_of(df);
    const Histogram histogram = histogram_of(df);

    Plot plot;
    const std::string of = material.study ? material.study->handle : names_of(material.simulations);
    plot.chart.title = "Distribution of the fractal dimension of " + of;
    plot.chart.x_label = "fractal dimension  *D*_{f}";
    plot.chart.y_label = "number of clusters";
    plot.chart.x_scale = Scale::linear;
    plot.chart.y_scale = Scale::from_zero;
    Series bars{Mark::bars, blue, {}, {"*n* = " + std::to_string(df.size())}};
    bars.width = histogram.width;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i)
        bars.points.push_back({histogram.centre(i), static_cast<double>(histogram.counts[i])});
    plot.chart.series.push_back(std::move(bars));
    plot.file_stem =
        (material.study ? material.study->handle : material.simulations.front().handle) + "-df-distribution";
    plot.facts = {{"points", df.size()}, {"bin_width", histogram.width}, {"bins", histogram.counts.size()}};
    plot.caption = "Distribution of the fractal dimension *D*_{f} of " + std::to_string(df.size()) +
                   " clusters, in bins of the Freedman\u2013Diaconis width." + same.told();
    plot.note = same.told();
    if (all_of_one_kind(material))
        add_mean(plot, spread, histogram.width);
    else
        plot.caption += " They were made in different ways, so that no mean of all is shown.";
    return plot;
}

}  // namespace

const PlotKind df_distribution_plot{"df_distribution", make};

}  // namespace assistd::exporting
